package dev.headroom.autoscaler;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod as the controller sees it.
 *
 * @param ready status of its Ready condition; null where it has none
 * @param readyTransition when that status last changed
 * @param startTime null before it was started
 * @param deleted it has a deletion timestamp
 * @param podRequests requests of the pod as a whole; null where none are set
 */
public record Pod(
        String name,
        Map<String, String> labels,
        String phase,
        @Nullable String ready,
        long readyTransition,
        @Nullable Long startTime,
        boolean deleted,
        List<Container> containers,
        List<Container> initContainers,
        @Nullable Map<String, Long> podRequests) {

    /**
     * A container's part that matters here.
     *
     * @param requests by resource, in milli-units
     * @param restartPolicy of an init container; {@code Always} makes it a sidecar
     */
    public record Container(
            String name, Map<String, Long> requests, @Nullable String restartPolicy) {}
}
