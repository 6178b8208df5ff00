package dev.headroom.autoscaler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What pods ask for of a resource, which their use is held against (section 4.7). */
final class PodRequests {
    private PodRequests() {}

    /** By pod. */
    static Map<String, Long> of(List<Pod> pods, String container, String resource, boolean podLevel)
            throws MetricException {
        Map<String, Long> requests = new LinkedHashMap<>();
        for (Pod pod : pods) {
            requests.put(pod.name(), request(pod, container, resource, podLevel));
        }
        return requests;
    }

    private static long request(Pod pod, String container, String resource, boolean podLevel)
            throws MetricException {
        List<Pod.Container> counted = new ArrayList<>(pod.containers());
        pod.initContainers().stream()
                .filter(c -> "Always".equals(c.restartPolicy()))
                .forEach(counted::add);
        if (!container.isEmpty()) {
            for (Pod.Container candidate : counted) {
                if (candidate.name().equals(container)) {
                    return request(candidate, pod, resource);
                }
            }
            throw new MetricException("container " + container + " not found in Pod " + pod.name());
        }
        Map<String, Long> whole = pod.podRequests();
        if (podLevel && whole != null && !whole.isEmpty()) {
            Long request = whole.get(resource);
            return request == null ? effective(pod, resource) : request;
        }
        long sum = 0;
        for (Pod.Container candidate : counted) {
            sum += request(candidate, pod, resource);
        }
        return sum;
    }

    /** What a pod with other requests of its own needs: its containers together, or an init container if that is more. */
    private static long effective(Pod pod, String resource) throws MetricException {
        boolean known = false;
        long sum = 0;
        for (Pod.Container container : pod.containers()) {
            Long request = container.requests().get(resource);
            known |= request != null;
            sum += request == null ? 0 : request;
        }
        long sidecars = 0;
        long starting = 0;
        for (Pod.Container container : pod.initContainers()) {
            Long request = container.requests().get(resource);
            known |= request != null;
            long amount = request == null ? 0 : request;
            if ("Always".equals(container.restartPolicy())) {
                sidecars += amount;
                amount = 0;
            }
            starting = Math.max(starting, sidecars + amount);
        }
        if (!known) {
            throw new MetricException(
                    "missing pod-level request for " + resource + " in Pod " + pod.name());
        }
        return Math.max(sum + sidecars, starting);
    }

    private static long request(Pod.Container container, Pod pod, String resource)
            throws MetricException {
        Long request = container.requests().get(resource);
        if (request == null) {
            throw new MetricException(
                    "missing request for "
                            + resource
                            + " in container "
                            + container.name()
                            + " of Pod "
                            + pod.name());
        }
        return request;
    }
}
