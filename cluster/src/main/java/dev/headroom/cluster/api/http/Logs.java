package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.objects.Kubelet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Containers' logs, as a client asks for them; where there is none, the kubelet's reason for it. */
final class Logs {
    private Logs() {}

    /**
     * The log of a pod's container.
     *
     * @param kubelet of the pod's node
     */
    static Reply answer(Request request, ObjectNode pod, Kubelet kubelet) {
        validate(request, Json.name(pod));
        String container = container(pod, request.parameter("container"));
        boolean previous = request.flag("previous");
        check(pod, container, previous);
        Kubelet.LogRequest wanted =
                new Kubelet.LogRequest(
                        Json.namespace(pod),
                        Json.name(pod),
                        container,
                        request.flag("follow"),
                        previous,
                        request.flag("timestamps"),
                        request.number("tailLines"),
                        request.number("sinceSeconds"),
                        request.parameter("sinceTime"),
                        request.number("limitBytes"));
        try {
            InputStream log = kubelet.logs(wanted);
            return new Reply.Stream(200, "text/plain", sink -> copy(log, sink), () -> close(log));
        } catch (IOException e) {
            throw Statuses.internal(
                    "the log of " + Json.name(pod) + " could not be read: " + e.getMessage());
        }
    }

    /** As upstream's ValidatePodLogOptions; kubectl looks itself, others do not. */
    private static void validate(Request request, String pod) {
        List<Cause> causes = new ArrayList<>();
        Long tail = request.number("tailLines");
        if (tail != null && tail < 0) {
            causes.add(Cause.invalid("tailLines", tail, "must be greater than or equal to 0"));
        }
        for (String option : List.of("limitBytes", "sinceSeconds")) {
            Long value = request.number(option);
            if (value != null && value < 1) {
                causes.add(Cause.invalid(option, value, "must be greater than 0"));
            }
        }
        if (request.parameter("stream") != null) {
            // Upstream's, too, while PodLogsQuerySplitStreams is alpha.
            causes.add(Cause.forbidden("stream", "may not be specified"));
        }
        if (!causes.isEmpty()) {
            throw Statuses.invalid("PodLogOptions", "", pod, causes);
        }
    }

    /** The container that is asked for, else the only one. */
    static String container(ObjectNode pod, @Nullable String asked) {
        List<String> names = new ArrayList<>();
        pod.path("spec").path("containers").forEach(c -> names.add(Json.text(c, "name")));
        List<String> initial = new ArrayList<>();
        pod.path("spec").path("initContainers").forEach(c -> initial.add(Json.text(c, "name")));
        if (asked == null || asked.isEmpty()) {
            if (names.size() == 1) {
                return names.getFirst();
            }
            throw Statuses.badRequest(
                    "a container name must be specified for pod "
                            + Json.name(pod)
                            + ", choose one of: ["
                            + String.join(" ", names)
                            + "]"
                            + (initial.isEmpty()
                                    ? ""
                                    : " or one of the init containers: ["
                                            + String.join(" ", initial)
                                            + "]"));
        }
        if (!names.contains(asked) && !initial.contains(asked)) {
            throw Statuses.badRequest(
                    "container " + asked + " is not valid for pod " + Json.name(pod));
        }
        return asked;
    }

    /** Throws where the container has not run so far, or only once. */
    private static void check(ObjectNode pod, String container, boolean previous) {
        JsonNode status = Json.object();
        for (String list : List.of("containerStatuses", "initContainerStatuses")) {
            for (JsonNode candidate : pod.path("status").path(list)) {
                status = Json.text(candidate, "name").equals(container) ? candidate : status;
            }
        }
        boolean ended = Json.has(status, "lastState", "terminated");
        if (previous) {
            if (!ended) {
                throw Statuses.badRequest(
                        "previous terminated container " + named(container, pod) + " not found");
            }
            return;
        }
        JsonNode state = status.path("state");
        if (state.has("running") || state.has("terminated") || ended) {
            return;
        }
        String reason = Json.text(state, "waiting", "reason");
        throw Statuses.badRequest(
                "container "
                        + named(container, pod)
                        + " is waiting to start"
                        + switch (reason) {
                            case "" -> " - no logs yet";
                            case "ErrImagePull" -> ": image can't be pulled";
                            case "ImagePullBackOff" -> ": trying and failing to pull image";
                            default -> ": " + reason;
                        });
    }

    private static String named(String container, ObjectNode pod) {
        return "\"" + container + "\" in pod \"" + Json.name(pod) + "\"";
    }

    private static void copy(InputStream log, Reply.Sink sink) throws IOException {
        try (log) {
            byte[] buffer = new byte[16 * 1024];
            for (int n = log.read(buffer); n >= 0; n = log.read(buffer)) {
                if (n > 0) {
                    sink.write(Arrays.copyOf(buffer, n));
                }
            }
        }
    }

    private static void close(InputStream log) {
        try {
            log.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a log could not be closed", e);
        }
    }
}
