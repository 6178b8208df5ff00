package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.objects.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every kind that is kept, and every version it is served in. */
public final class Kinds {
    public static final ResourceType AUTOSCALER_V1 =
            new ResourceType(
                    "autoscaling",
                    "v1",
                    "horizontalpodautoscalers",
                    "HorizontalPodAutoscaler",
                    true);

    private static final String CORE = "io.k8s.api.core.v1.";
    private static final List<String> ALL = List.of("all");
    private static final List<String> NONE = List.of();

    private final Map<ResourceType, Served> served = new HashMap<>();
    private final List<Served> order = new ArrayList<>();

    public Kinds(Addresses addresses) {
        core(addresses);
        add(
                kind(
                                ResourceType.DEPLOYMENT,
                                "io.k8s.api.apps.v1.Deployment",
                                new DeploymentRules(),
                                "deploy")
                        .with(ALL, List.of("status", "scale"), Set.of()));
        add(
                kind(
                                ResourceType.REPLICA_SET,
                                "io.k8s.api.apps.v1.ReplicaSet",
                                new ReplicaSetRules(),
                                "rs")
                        .with(ALL, List.of("status", "scale"), Set.of("status.replicas")));
        autoscalers();
        add(
                kind(
                                ResourceType.ENDPOINT_SLICE,
                                "io.k8s.api.discovery.v1.EndpointSlice",
                                new EndpointSliceRules())
                        .with(NONE, NONE, Set.of()));
        add(
                kind(
                                ResourceType.POD_DISRUPTION_BUDGET,
                                "io.k8s.api.policy.v1.PodDisruptionBudget",
                                new DisruptionBudgetRules(),
                                "pdb")
                        .with(NONE, List.of("status"), Set.of()));
        add(
                kind(
                                ResourceType.NETWORK_POLICY,
                                "io.k8s.api.networking.v1.NetworkPolicy",
                                new NetworkPolicyRules(),
                                "netpol")
                        .with(NONE, NONE, Set.of()));
        add(kind(ResourceType.LEASE, "io.k8s.api.coordination.v1.Lease", new LeaseRules()));
    }

    private void core(Addresses addresses) {
        add(
                kind(ResourceType.NAMESPACE, CORE + "Namespace", new NamespaceRules(), "ns")
                        .with(NONE, List.of("status", "finalize"), Set.of("status.phase")));
        add(
                kind(ResourceType.NODE, CORE + "Node", new NodeRules(), "no")
                        .with(NONE, List.of("status", "proxy"), Set.of("spec.unschedulable")));
        add(
                kind(ResourceType.POD, CORE + "Pod", new PodRules(), "po")
                        .with(
                                ALL,
                                List.of(
                                        "status",
                                        "binding",
                                        "eviction",
                                        "exec",
                                        "log",
                                        "portforward",
                                        "proxy"),
                                PodRules.SELECTABLE));
        add(
                kind(ResourceType.SERVICE, CORE + "Service", new ServiceRules(addresses), "svc")
                        .with(
                                ALL,
                                List.of("status", "proxy"),
                                Set.of("spec.clusterIP", "spec.type")));
        add(
                kind(ResourceType.ENDPOINTS, CORE + "Endpoints", new EndpointsRules(), "ep")
                        .singular("endpoints"));
        add(kind(ResourceType.SERVICE_ACCOUNT, CORE + "ServiceAccount", new Rules() {}, "sa"));
        add(kind(ResourceType.CONFIG_MAP, CORE + "ConfigMap", new ConfigMapRules(), "cm"));
        add(
                kind(ResourceType.SECRET, CORE + "Secret", new SecretRules())
                        .with(NONE, NONE, Set.of("type")));
        add(
                kind(ResourceType.EVENT, CORE + "Event", new EventRules(), "ev")
                        .with(NONE, NONE, EventRules.SELECTABLE));
    }

    private void autoscalers() {
        Kind kind =
                kind(
                                ResourceType.HORIZONTAL_POD_AUTOSCALER,
                                "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
                                new AutoscalerRules(),
                                "hpa")
                        .with(ALL, List.of("status"), Set.of())
                        .kind();
        put(Served.asKept(kind));
        put(
                new Served(
                        AUTOSCALER_V1,
                        kind,
                        "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
                        AutoscalerConversion::toV2,
                        AutoscalerConversion::toV1));
    }

    private void add(Building building) {
        put(Served.asKept(building.kind()));
    }

    private void put(Served one) {
        served.put(one.type(), one);
        order.add(one);
    }

    /** Under which rules a type is served; null where it is not. */
    public @Nullable Served find(ResourceType type) {
        return served.get(type);
    }

    public @Nullable Served find(String group, String version, String plural) {
        for (Served one : order) {
            ResourceType type = one.type();
            if (type.plural().equals(plural)
                    && type.group().equals(group)
                    && type.version().equals(version)) {
                return one;
            }
        }
        return null;
    }

    /** In the order in which they are presented. */
    public List<Served> all() {
        return order;
    }

    private static Building kind(
            ResourceType type, String definition, Rules rules, String... shortNames) {
        String singular = type.kind().toLowerCase(Locale.ROOT);
        return new Building(
                new Kind(
                        type,
                        definition,
                        singular,
                        List.of(shortNames),
                        NONE,
                        NONE,
                        Set.of(),
                        rules));
    }

    private record Building(Kind kind) {
        Building with(List<String> categories, List<String> subresources, Set<String> selectable) {
            return new Building(
                    new Kind(
                            kind.type(),
                            kind.definition(),
                            kind.singular(),
                            kind.shortNames(),
                            categories,
                            subresources,
                            selectable,
                            kind.rules()));
        }

        Building singular(String singular) {
            return new Building(
                    new Kind(
                            kind.type(),
                            kind.definition(),
                            singular,
                            kind.shortNames(),
                            kind.categories(),
                            kind.subresources(),
                            kind.selectable(),
                            kind.rules()));
        }
    }
}
