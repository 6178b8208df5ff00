package dev.headroom.lab.deploy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is tested: the names under which the target's objects are found in the cluster.
 *
 * @param workloadApi its apiVersion
 * @param selector the labels of its pods
 * @param servicePort the service's first port
 * @param targetPort where that port leads: a number, or the name of a container port
 * @param autoscaler null where none scales the workload
 * @param objects all that was applied, as {@code Kind/name}
 */
public record Subject(
        String namespace,
        String service,
        int servicePort,
        String targetPort,
        String workloadApi,
        String workloadKind,
        String workload,
        Map<String, String> selector,
        @Nullable String autoscaler,
        List<String> objects) {
    public Subject {
        selector = Map.copyOf(selector);
        objects = List.copyOf(objects);
    }

    /** As a label selector in a query. */
    public String labelSelector() {
        return selector.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    }
}
