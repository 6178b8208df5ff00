package dev.headroom.cluster.objects;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A node as the API server reaches it, in place of the kubelet's HTTPS port: logs of its pods and its metrics endpoints.
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
