package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.stream.Upgrades;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Execution;
import dev.headroom.cluster.objects.Kubelet;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Requests that turn into streams to a pod: a command in it, its ports; and why others of that kind are refused. */
final class PodStreams {
    private static final String OWN_FILES =
            "a pod of this cluster is a process with its host's files, so there is no file system of its own to copy from or into";

    private static final Map<String, String> REFUSED =
            Map.of(
                    "attach",
                    "pods/attach is not served by this cluster: a container's input is empty and its output goes to its log, which `kubectl logs -f` shows",
                    "ephemeralcontainers",
                    "pods/ephemeralcontainers is not served by this cluster: a pod is a process on its host, which `kubectl exec` and the host's own tools reach");

    private PodStreams() {}

    /** Why a subresource of pods that others serve is not served; null for one that is, or that nobody knows. */
    static @Nullable ApiException refusal(String subresource) {
        String why = REFUSED.get(subresource);
        return why == null ? null : Statuses.notServed(why);
    }

    /** A command in a container, which may not be running any more when it comes to that. */
    static Reply exec(Request request, ObjectNode pod, Kubelet kubelet) {
        if (request.head("Kubectl-Command").equals("kubectl cp")) {
            throw Statuses.badRequest("kubectl cp is not served by this cluster: " + OWN_FILES);
        }
        List<String> command = request.query().getOrDefault("command", List.of());
        if (command.isEmpty()) {
            throw Statuses.badRequest("you must specify at least one command for the container");
        }
        boolean tty = request.flag("tty");
        var wanted =
                new Upgrades.Wanted(
                        request.flag("stdin"),
                        request.flag("stdout"),
                        request.flag("stderr") && !tty,
                        tty);
        if (!wanted.stdin() && !wanted.stdout() && !wanted.stderr()) {
            throw Statuses.badRequest("you must specify at least 1 of stdin, stdout, stderr");
        }
        var execution =
                new Kubelet.ExecRequest(
                        Json.namespace(pod),
                        Json.name(pod),
                        Logs.container(pod, request.parameter("container")),
                        command,
                        wanted.stdin(),
                        tty);
        return new Reply.Upgraded(
                Upgrades.exec(request::head, wanted, () -> start(kubelet, execution)));
    }

    private static Execution start(Kubelet kubelet, Kubelet.ExecRequest request)
            throws IOException {
        Execution started;
        try {
            started = kubelet.exec(request);
        } catch (IOException e) {
            // Said by the kubelet, and passed on by the API server as an error of its own.
            throw new IOException(
                    "Internal error occurred: error executing command in container: failed to exec in container: "
                            + e.getMessage(),
                    e);
        }
        if (started == null) {
            throw new IOException(
                    "unable to upgrade connection: container not found (\""
                            + request.container()
                            + "\")");
        }
        return started;
    }

    /** A pod's ports. */
    static Reply portForward(Request request, ObjectNode pod) {
        String address = Json.text(pod, "status", "podIP");
        if (!Json.text(pod, "status", "phase").equals("Running") || address.isEmpty()) {
            throw Statuses.badRequest(
                    "unable to forward port because pod is not running. Current status="
                            + Json.text(pod, "status", "phase"));
        }
        String name = Json.name(pod) + "_" + Json.namespace(pod);
        return new Reply.Upgraded(
                Upgrades.portForward(request::head, address, name, Json.uid(pod)));
    }
}
