package dev.headroom.cluster.objects;

/**
 * A kind of object as the API addresses it.
 *
 * @param group API group, empty for the core group
 * @param version API version, such as {@code v1}
 * @param plural path segment, such as {@code deployments}
 * @param kind such as {@code Deployment}
 * @param namespaced whether its objects live in a namespace
 */
public record ResourceType(
        String group, String version, String plural, String kind, boolean namespaced) {

    public static final ResourceType NAMESPACE = core("namespaces", "Namespace", false);
    public static final ResourceType NODE = core("nodes", "Node", false);
    public static final ResourceType POD = core("pods", "Pod", true);
    public static final ResourceType SERVICE = core("services", "Service", true);
    public static final ResourceType ENDPOINTS = core("endpoints", "Endpoints", true);
    public static final ResourceType SERVICE_ACCOUNT =
            core("serviceaccounts", "ServiceAccount", true);
    public static final ResourceType CONFIG_MAP = core("configmaps", "ConfigMap", true);
    public static final ResourceType SECRET = core("secrets", "Secret", true);
    public static final ResourceType EVENT = core("events", "Event", true);
    public static final ResourceType DEPLOYMENT =
            new ResourceType("apps", "v1", "deployments", "Deployment", true);
    public static final ResourceType REPLICA_SET =
            new ResourceType("apps", "v1", "replicasets", "ReplicaSet", true);
    public static final ResourceType HORIZONTAL_POD_AUTOSCALER =
            new ResourceType(
                    "autoscaling",
                    "v2",
                    "horizontalpodautoscalers",
                    "HorizontalPodAutoscaler",
                    true);
    public static final ResourceType ENDPOINT_SLICE =
            new ResourceType("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
    public static final ResourceType POD_METRICS =
            new ResourceType("metrics.k8s.io", "v1beta1", "pods", "PodMetrics", true);
    public static final ResourceType NODE_METRICS =
            new ResourceType("metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", false);
    public static final ResourceType POD_DISRUPTION_BUDGET =
            new ResourceType("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true);
    public static final ResourceType NETWORK_POLICY =
            new ResourceType("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true);

    public static final ResourceType LEASE =
            new ResourceType("coordination.k8s.io", "v1", "leases", "Lease", true);

    private static ResourceType core(String plural, String kind, boolean namespaced) {
        return new ResourceType("", "v1", plural, kind, namespaced);
    }

    /** {@code v1} or {@code apps/v1}, as in an object's {@code apiVersion}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
