package dev.headroom.lab.deploy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The content of {@code 2-deployment.json}: what was applied, to which cluster, and what came of it.
 *
 * <p>Instants are milliseconds since the epoch on the lab's one clock.
 *
 * @param schema version of this file's shape
 * @param start when the first object was applied
 * @param end when the target answered, or could not
 * @param applied in the order in which they were applied
 * @param wayIn null where the target never became ready
 * @param settings what decides the course of a run and does not change in it; the same as the observations'
 */
public record DeploymentRecord(
        int schema,
        long start,
        long end,
        Place place,
        List<Applied> applied,
        Target target,
        Rollout rollout,
        @Nullable WayIn wayIn,
        List<Setting> settings,
        Program program) {

    public static final int SCHEMA = 1;

    /** The setting that tells how far the cluster's clock is ahead. */
    static final String CLOCK_AHEAD = "clockAheadSeconds";

    public DeploymentRecord {
        applied = List.copyOf(applied);
        settings = List.copyOf(settings);
    }

    /** By how much the cluster's clock is ahead of the lab's. It is known to half a second only: less than one may be none. */
    public long clockAheadMillis() {
        for (Setting setting : settings) {
            if (setting.name().equals(CLOCK_AHEAD)
                    && setting.value().matches("-?[0-9]{1,9}[.][0-9]")) {
                long ahead = Math.round(Double.parseDouble(setting.value()) * 1000);
                return Math.abs(ahead) > 1000 ? ahead : 0;
            }
        }
        return 0;
    }

    /**
     * The cluster.
     *
     * @param kind {@code embedded} or {@code context}
     * @param context the kubeconfig's context; null on the embedded cluster
     * @param version as the API server says ({@code v1.34.1})
     */
    public record Place(
            String kind,
            @Nullable String context,
            String server,
            String version,
            String namespace,
            List<Node> nodes) {
        public Place {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * A node and its size.
     *
     * @param capacity as its status says, quantities as text ({@code cpu}, {@code memory}, {@code pods})
     * @param allocatable what pods may request of it
     */
    public record Node(
            String name,
            Map<String, String> capacity,
            Map<String, String> allocatable,
            String kubelet,
            String osImage,
            String kernel,
            String architecture) {
        public Node {
            capacity = Map.copyOf(capacity);
            allocatable = Map.copyOf(allocatable);
        }
    }

    /**
     * An object that was applied.
     *
     * @param file the manifest it came from
     * @param existed whether it was there before
     * @param object the whole object as the API server returned it, overrides included
     */
    public record Applied(
            String apiVersion,
            String kind,
            @Nullable String namespace,
            String name,
            String uid,
            String resourceVersion,
            String file,
            boolean existed,
            JsonNode object) {}

    /**
     * What gets the load and what scales it.
     *
     * @param kind of the workload behind the service, {@code Deployment} mostly
     * @param replicas as the workload asks for, before the load
     * @param selector the workload's pods
     * @param containers of its pod template
     * @param autoscaler null where none targets the workload
     */
    public record Target(
            String service,
            int servicePort,
            String path,
            String kind,
            String name,
            int replicas,
            Map<String, String> selector,
            List<Container> containers,
            @Nullable Autoscaler autoscaler) {
        public Target {
            selector = Map.copyOf(selector);
            containers = List.copyOf(containers);
        }
    }

    /**
     * A container of the workload's pod template; null where the template says nothing.
     *
     * @param imageId what the cluster resolved the image to
     */
    public record Container(
            String name,
            String image,
            @Nullable String imageId,
            @Nullable Double cpuRequestCores,
            @Nullable Double cpuLimitCores,
            @Nullable String memoryRequest,
            @Nullable String memoryLimit) {}

    /**
     * The HorizontalPodAutoscaler of the workload, overrides included.
     *
     * @param cpuTargetPercent its first metric's target where that is the utilization of CPU
     */
    public record Autoscaler(
            String name, int minReplicas, int maxReplicas, @Nullable Integer cpuTargetPercent) {}

    /**
     * How the workload became ready, or did not.
     *
     * @param ready whether all its replicas were available in time; if not, no load is sent
     * @param readyReplicas at the end of the wait
     * @param reasons what stood in the way, the most telling first; empty where ready
     */
    public record Rollout(
            boolean ready, double seconds, int replicas, int readyReplicas, List<Reason> reasons) {
        public Rollout {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Something that kept a pod from becoming ready.
     *
     * @param object {@code Pod/name} or {@code ReplicaSet/name}
     * @param reason Kubernetes' word: {@code ErrImagePull}, {@code CrashLoopBackOff}, {@code FailedScheduling}, {@code Unhealthy}
     * @param source {@code status}, {@code event} or {@code log}
     */
    public record Reason(long at, String object, String reason, String message, String source) {}

    /**
     * How the load reaches the service.
     *
     * @param url scheme, host and port, without a path
     * @param how {@code LoadBalancer}, {@code NodePort}, {@code ClusterIP} or {@code port-forward}
     * @param detail one sentence: why this one
     */
    public record WayIn(String url, String how, String detail) {}

    /**
     * A setting of the place.
     *
     * @param source where it was read, or {@code Kubernetes' default} where it was assumed
     */
    public record Setting(String name, String value, String source) {}

    /**
     * The program that ran the experiment, and its machine.
     *
     * @param cpus those it may use
     */
    public record Program(
            String version,
            String java,
            String os,
            String cpuModel,
            double cpus,
            long memoryBytes) {}
}
