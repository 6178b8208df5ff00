package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ResourceType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All kinds that are stored. autoscaling/v1 is another view of the same autoscalers, and not among them. */
final class Kinds {
    private static final List<String> ALL = List.of("all");
    private static final List<String> NONE = List.of();

    static final Map<ResourceType, Kind> STORED = new LinkedHashMap<>();

    /** The version of autoscalers that older clients ask for. */
    static final ResourceType AUTOSCALER_V1 =
            new ResourceType(
                    "autoscaling",
                    "v1",
                    "horizontalpodautoscalers",
                    "HorizontalPodAutoscaler",
                    true);

    static {
        core(
                ResourceType.NAMESPACE,
                "namespace",
                List.of("ns"),
                NONE,
                List.of("status", "finalize"));
        core(ResourceType.NODE, "node", List.of("no"), NONE, List.of("status", "proxy"));
        core(
                ResourceType.POD,
                "pod",
                List.of("po"),
                ALL,
                List.of("status", "log", "binding", "eviction", "proxy"));
        core(ResourceType.SERVICE, "service", List.of("svc"), ALL, List.of("status", "proxy"));
        core(ResourceType.ENDPOINTS, "endpoints", List.of("ep"), NONE, NONE);
        core(ResourceType.SERVICE_ACCOUNT, "serviceaccount", List.of("sa"), NONE, NONE);
        core(ResourceType.CONFIG_MAP, "configmap", List.of("cm"), NONE, NONE);
        core(ResourceType.SECRET, "secret", NONE, NONE, NONE);
        core(ResourceType.EVENT, "event", List.of("ev"), NONE, NONE);
        put(
                ResourceType.DEPLOYMENT,
                "io.k8s.api.apps.v1.Deployment",
                "deployment",
                List.of("deploy"),
                ALL,
                List.of("status", "scale"),
                "");
        put(
                ResourceType.REPLICA_SET,
                "io.k8s.api.apps.v1.ReplicaSet",
                "replicaset",
                List.of("rs"),
                ALL,
                List.of("status", "scale"),
                "");
        put(
                ResourceType.HORIZONTAL_POD_AUTOSCALER,
                "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
                "horizontalpodautoscaler",
                List.of("hpa"),
                ALL,
                List.of("status"),
                "");
        put(
                ResourceType.ENDPOINT_SLICE,
                "io.k8s.api.discovery.v1.EndpointSlice",
                "endpointslice",
                NONE,
                NONE,
                NONE,
                "");
        put(
                ResourceType.POD_DISRUPTION_BUDGET,
                "io.k8s.api.policy.v1.PodDisruptionBudget",
                "poddisruptionbudget",
                List.of("pdb"),
                NONE,
                List.of("status"),
                "PodDisruptionBudgets are kept, but not enforced by this cluster");
        put(
                ResourceType.NETWORK_POLICY,
                "io.k8s.api.networking.v1.NetworkPolicy",
                "networkpolicy",
                List.of("netpol"),
                NONE,
                NONE,
                "NetworkPolicies are kept, but not enforced by this cluster");
    }

    private Kinds() {}

    private static void core(
            ResourceType type,
            String singular,
            List<String> shortNames,
            List<String> categories,
            List<String> subresources) {
        put(
                type,
                "io.k8s.api.core.v1." + type.kind(),
                singular,
                shortNames,
                categories,
                subresources,
                "");
    }

    private static void put(
            ResourceType type,
            String definition,
            String singular,
            List<String> shortNames,
            List<String> categories,
            List<String> subresources,
            String notEnforced) {
        STORED.put(
                type,
                new Kind(
                        type,
                        definition,
                        singular,
                        shortNames,
                        categories,
                        subresources,
                        notEnforced));
    }

    static Kind of(ResourceType type) {
        Kind kind = STORED.get(type);
        if (kind == null) {
            throw Statuses.noSuchPath();
        }
        return kind;
    }

    static @Nullable Kind find(String group, String version, String plural) {
        for (Kind kind : STORED.values()) {
            ResourceType type = kind.type();
            if (type.group().equals(group)
                    && type.version().equals(version)
                    && type.plural().equals(plural)) {
                return kind;
            }
        }
        return null;
    }
}
