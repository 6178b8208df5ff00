package dev.headroom.lab.deploy;

import dev.headroom.lab.deploy.DeploymentRecord.Autoscaler;
import dev.headroom.lab.deploy.DeploymentRecord.Container;
import dev.headroom.lab.deploy.DeploymentRecord.Node;
import dev.headroom.lab.deploy.DeploymentRecord.Place;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.deploy.DeploymentRecord.Target;
import dev.headroom.lab.experiment.Units;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads from the API what a record says of a cluster and of the target in it. */
final class Describer {
    private static final String DEFAULT = "Kubernetes' default";
    private static final Pattern LIMITS =
            Pattern.compile("(?m)^headroom_cpu_limits\\{[^}]*mechanism=\"([^\"]*)\"[^}]*}");
    private static final Pattern SCALE =
            Pattern.compile("(?m)^headroom_cpu_scale(?:\\{[^}]*})? (\\S+)");

    private final Cluster cluster;

    Describer(Cluster cluster) {
        this.cluster = cluster;
    }

    Place place(String namespace) throws ClusterGoneException, InterruptedException {
        ApiAnswer version = cluster.get("/version");
        return new Place(
                cluster.kind(),
                cluster.context(),
                cluster.server(),
                version.ok() ? version.json().path("gitVersion").asString("unknown") : "unknown",
                namespace,
                nodes());
    }

    /** Empty where the user may not see them. */
    private List<Node> nodes() throws ClusterGoneException, InterruptedException {
        ApiAnswer answer = cluster.get("/api/v1/nodes");
        List<Node> nodes = new ArrayList<>();
        if (answer.ok()) {
            for (JsonNode node : answer.json().path("items")) {
                JsonNode status = node.path("status");
                JsonNode info = status.path("nodeInfo");
                nodes.add(
                        new Node(
                                node.path("metadata").path("name").asString(""),
                                Objects.labels(status.path("capacity")),
                                Objects.labels(status.path("allocatable")),
                                info.path("kubeletVersion").asString("unknown"),
                                info.path("osImage").asString("unknown"),
                                info.path("kernelVersion").asString("unknown"),
                                info.path("architecture").asString("unknown")));
            }
        }
        return nodes;
    }

    Target target(Subject subject, String path) throws ClusterGoneException, InterruptedException {
        JsonNode workload =
                cluster.json(
                        cluster.collection(
                                        subject.workloadApi(),
                                        subject.workloadKind(),
                                        subject.namespace())
                                + "/"
                                + subject.workload());
        Map<String, String> imageIds = new HashMap<>();
        JsonNode pods =
                cluster.json(
                        "/api/v1/namespaces/"
                                + subject.namespace()
                                + "/pods?labelSelector="
                                + URLEncoder.encode(
                                        subject.labelSelector(), StandardCharsets.UTF_8));
        for (JsonNode pod : pods.path("items")) {
            for (JsonNode status : pod.path("status").path("containerStatuses")) {
                String id = status.path("imageID").asString("");
                if (!id.isEmpty()) {
                    imageIds.put(status.path("name").asString(""), id);
                }
            }
        }
        List<Container> containers = new ArrayList<>();
        for (JsonNode container :
                workload.path("spec").path("template").path("spec").path("containers")) {
            String name = container.path("name").asString("");
            JsonNode resources = container.path("resources");
            containers.add(
                    new Container(
                            name,
                            container.path("image").asString(""),
                            imageIds.get(name),
                            Quantity.number(request(resources, "cpu")),
                            Quantity.number(resources.path("limits").path("cpu")),
                            text(request(resources, "memory")),
                            text(resources.path("limits").path("memory"))));
        }
        return new Target(
                subject.service(),
                subject.servicePort(),
                path,
                subject.workloadKind(),
                subject.workload(),
                workload.path("spec").path("replicas").asInt(1),
                subject.selector(),
                containers,
                autoscaler(subject));
    }

    /** A limit without a request is the request too, though only a pod says so, not its template. */
    private static JsonNode request(JsonNode resources, String name) {
        JsonNode request = resources.path("requests").path(name);
        return request.isMissingNode() ? resources.path("limits").path(name) : request;
    }

    private @Nullable Autoscaler autoscaler(Subject subject)
            throws ClusterGoneException, InterruptedException {
        if (subject.autoscaler() == null) {
            return null;
        }
        JsonNode autoscaler =
                cluster.json(
                        "/apis/autoscaling/v2/namespaces/"
                                + subject.namespace()
                                + "/horizontalpodautoscalers/"
                                + subject.autoscaler());
        JsonNode spec = autoscaler.path("spec");
        JsonNode first = spec.path("metrics").path(0);
        JsonNode utilization = first.path("resource").path("target").path("averageUtilization");
        boolean cpu =
                first.path("type").asString("").equals("Resource")
                        && first.path("resource").path("name").asString("").equals("cpu");
        return new Autoscaler(
                subject.autoscaler(),
                spec.path("minReplicas").asInt(1),
                spec.path("maxReplicas").asInt(1),
                cpu && utilization.isNumber() ? utilization.asInt() : null);
    }

    /** What the cluster tells of itself, and Kubernetes' defaults for what it does not, but for what is known already. */
    List<Setting> settings(Subject subject, List<Setting> known)
            throws ClusterGoneException, InterruptedException {
        Set<String> have = known.stream().map(Setting::name).collect(Collectors.toSet());
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting("cluster", cluster.kind(), "the command line"));
        String window = window(subject);
        settings.add(
                window == null
                        ? new Setting(
                                "metricsWindowSeconds", "15", "metrics-server's default resolution")
                        : new Setting("metricsWindowSeconds", window, "metrics.k8s.io"));
        settings.add(new Setting("syncPeriodSeconds", "15", DEFAULT));
        settings.add(new Setting("tolerance", "0.1", DEFAULT));
        settings.add(new Setting("downscaleStabilizationSeconds", "300", DEFAULT));
        settings.add(new Setting("cpuInitializationPeriodSeconds", "300", DEFAULT));
        settings.add(new Setting("initialReadinessDelaySeconds", "30", DEFAULT));
        settings.addAll(embedded());
        settings.removeIf(s -> have.contains(s.name()));
        return settings;
    }

    private List<Setting> embedded() throws ClusterGoneException, InterruptedException {
        List<Setting> settings = new ArrayList<>();
        if (!cluster.embedded()) {
            return settings;
        }
        for (JsonNode node : cluster.json("/api/v1/nodes").path("items")) {
            String path =
                    "/api/v1/nodes/"
                            + node.path("metadata").path("name").asString("")
                            + "/proxy/metrics/cadvisor";
            ApiAnswer metrics = cluster.get(path);
            if (metrics.ok()) {
                Matcher limits = LIMITS.matcher(metrics.body());
                if (limits.find()) {
                    settings.add(new Setting("cpuLimits", limits.group(1), "the node's metrics"));
                }
                Matcher scale = SCALE.matcher(metrics.body());
                if (scale.find()) {
                    settings.add(new Setting("cpuScale", scale.group(1), "the node's metrics"));
                }
            }
        }
        return settings;
    }

    /** The window of the target's own metrics, in seconds; null where there are none yet. */
    private @Nullable String window(Subject subject)
            throws ClusterGoneException, InterruptedException {
        ApiAnswer answer =
                cluster.get(
                        "/apis/metrics.k8s.io/v1beta1/namespaces/" + subject.namespace() + "/pods");
        if (!answer.ok()) {
            return null;
        }
        for (JsonNode item : answer.json().path("items")) {
            String window = item.path("window").asString("");
            if (!window.isEmpty()) {
                return Units.duration(window)
                        .map(d -> String.valueOf(Math.round(d.toMillis() / 1000.0)))
                        .orElse(null);
            }
        }
        return null;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }
}
