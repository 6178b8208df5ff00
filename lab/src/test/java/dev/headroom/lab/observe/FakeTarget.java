package dev.headroom.lab.observe;

import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.lab.deploy.FakeCluster;
import dev.headroom.lab.deploy.Subject;
import java.util.List;
import java.util.Map;

/** A deployment with one pod of two and its autoscaler, beside others' objects, in a {@link FakeCluster}. */
final class FakeTarget {
    static final Subject SUBJECT =
            new Subject(
                    "default",
                    "api",
                    80,
                    "http",
                    "apps/v1",
                    "Deployment",
                    "api",
                    Map.of("app", "api"),
                    "api",
                    List.of());

    private FakeTarget() {}

    /** Applies it all. */
    static void deploy(FakeCluster fake) {
        fake.create(
                ResourceType.NODE,
                "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n\"}}");
        fake.create(
                ResourceType.DEPLOYMENT,
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"api\"},\"spec\":{\"replicas\":2,\"selector\":{\"matchLabels\":{\"app\":\"api\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"api\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}");
        fake.status(ResourceType.DEPLOYMENT, "api", "{\"replicas\":1,\"readyReplicas\":1}");
        fake.create(
                ResourceType.HORIZONTAL_POD_AUTOSCALER,
                "{\"apiVersion\":\"autoscaling/v2\",\"kind\":\"HorizontalPodAutoscaler\",\"metadata\":{\"name\":\"api\"},\"spec\":{\"maxReplicas\":3,\"scaleTargetRef\":{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"api\"},\"metrics\":[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"type\":\"Utilization\",\"averageUtilization\":50}}}]}}");
        pod(fake, "api-1", "api");
        pod(fake, "other", "other");
        event(fake, "e1", "api-1");
        event(fake, "e2", "other");
        fake.metrics(
                "{\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"kind\":\"PodMetrics\",\"metadata\":{\"name\":\"api-1\",\"namespace\":\"default\",\"labels\":{\"app\":\"api\"}},\"timestamp\":\"2026-01-01T00:00:00Z\",\"window\":\"15s\",\"containers\":[{\"name\":\"c\",\"usage\":{\"cpu\":\"10m\"}}]}");
    }

    private static void pod(FakeCluster fake, String name, String app) {
        fake.create(
                ResourceType.POD,
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\""
                        + name
                        + "\",\"labels\":{\"app\":\""
                        + app
                        + "\"}},\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"resources\":{\"limits\":{\"cpu\":\"500m\"}}}]}}");
        fake.status(
                ResourceType.POD,
                name,
                "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}");
    }

    private static void event(FakeCluster fake, String name, String pod) {
        fake.create(
                ResourceType.EVENT,
                "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"metadata\":{\"name\":\""
                        + name
                        + "\"},\"involvedObject\":{\"kind\":\"Pod\",\"name\":\""
                        + pod
                        + "\",\"namespace\":\"default\"},\"reason\":\"Started\",\"message\":\"m\",\"type\":\"Normal\"}");
    }

    /**
     * What kubelet and balancer tell from now on.
     *
     * @param cpuSeconds of the target's pod
     * @param answers that it gave, over seven open connections of nine
     */
    static void kubelet(FakeCluster fake, double cpuSeconds, long answers) {
        fake.text(
                "metrics/cadvisor",
                "container_cpu_usage_seconds_total{container=\"c\",namespace=\"default\",pod=\"api-1\"} "
                        + cpuSeconds
                        + "\n");
        fake.text(
                "balancer/metrics",
                """
                headroom_balancer_connections_open{namespace="default",service="api",port="80",pod="api-1"} 7
                headroom_balancer_connections_total{namespace="default",service="api",port="80",pod="api-1"} 9
                headroom_balancer_answers_total{namespace="default",service="api",port="80",pod="api-1",code="2xx"} N
                headroom_balancer_latency_seconds_bucket{namespace="default",service="api",le="0.001"} N
                headroom_balancer_latency_seconds_bucket{namespace="default",service="api",le="0.002"} N
                headroom_balancer_latency_seconds_bucket{namespace="default",service="api",le="+Inf"} N
                headroom_balancer_latency_seconds_sum{namespace="default",service="api"} 0.1
                headroom_balancer_latency_seconds_count{namespace="default",service="api"} N
                """
                        .replace("N", String.valueOf(answers)));
    }
}
