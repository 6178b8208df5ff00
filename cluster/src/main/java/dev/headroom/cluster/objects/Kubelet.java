package dev.headroom.cluster.objects;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node as the API server reaches it, in place of the kubelet's HTTPS port: logs of its pods, commands in them and its metrics endpoints.
 */
public interface Kubelet {

    /**
     * A container's log. The stream ends at the log's end, or with {@code follow} once the container has ended or the stream is closed.
     *
     * @throws ApiException NotFound or BadRequest in the kubelet's words
     */
    InputStream logs(LogRequest request) throws IOException;

    /**
     * The text under a path of the kubelet ({@code metrics/cadvisor}, {@code metrics/resource}, {@code stats/summary}, {@code healthz}),
     * and {@code balancer/metrics} for what the service proxy counted; null where the path is not served.
     */
    @Nullable String read(String path) throws IOException;

    /**
     * Starts a command beside a container's program, with its variables, in its folder and within its limits; it ends with the container at
     * the latest. Null where no such container runs.
     *
     * @throws IOException with the reason where the command cannot be started
     */
    @Nullable Execution exec(ExecRequest request) throws IOException;

    /**
     * Which command, and where.
     *
     * @param stdin whether it gets an input
     * @param tty whether it gets a terminal
     */
    record ExecRequest(
            String namespace,
            String pod,
            String container,
            List<String> command,
            boolean stdin,
            boolean tty) {}

    /**
     * Which log, and how much of it.
     *
     * @param container null where the pod has one
     * @param tailLines null for all
     * @param sinceSeconds null for all
     * @param sinceTime RFC 3339, null for all
     * @param limitBytes null for no limit
     */
    record LogRequest(
            String namespace,
            String pod,
            @Nullable String container,
            boolean follow,
            boolean previous,
            boolean timestamps,
            @Nullable Long tailLines,
            @Nullable Long sinceSeconds,
            @Nullable String sinceTime,
            @Nullable Long limitBytes) {}
}
