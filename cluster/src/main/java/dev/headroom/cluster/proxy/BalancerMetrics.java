package dev.headroom.cluster.proxy;

import dev.headroom.cluster.balancer.Backend;
import dev.headroom.cluster.balancer.LatencyBuckets;
import dev.headroom.cluster.proxy.ServiceProxy.PodBackend;
import java.util.List;
import java.util.Locale;

/** What the balancer counted, as Prometheus text. Where a service speaks no HTTP/1.x, requests and latencies are absent, never guessed. */
final class BalancerMetrics {
    private BalancerMetrics() {}

    static String text(List<ServicePort> ports) {
        StringBuilder text = new StringBuilder();
        for (ServicePort port : ports) {
            String service =
                    "namespace=\""
                            + port.namespace()
                            + "\",service=\""
                            + port.service()
                            + "\",port=\""
                            + port.port()
                            + "\"";
            for (PodBackend known : port.backends()) {
                pod(
                        text,
                        service + ",pod=\"" + known.pod() + "\"",
                        known.backend(),
                        port.meter().isHttp());
            }
            line(text, "headroom_balancer_refused_total", service, port.meter().refused());
            if (port.meter().isHttp()) {
                line(
                        text,
                        "headroom_balancer_unanswered_total",
                        service,
                        port.meter().unanswered());
                histogram(text, service, port.meter().latencies());
            }
        }
        return text.toString();
    }

    private static void pod(StringBuilder text, String labels, Backend backend, boolean http) {
        line(text, "headroom_balancer_connections_open", labels, backend.openConnections());
        line(text, "headroom_balancer_connections_total", labels, backend.connections());
        line(text, "headroom_balancer_connect_failures_total", labels, backend.connectFailures());
        line(
                text,
                "headroom_balancer_bytes_total",
                labels + ",direction=\"in\"",
                backend.bytesReceived());
        line(
                text,
                "headroom_balancer_bytes_total",
                labels + ",direction=\"out\"",
                backend.bytesSent());
        if (http) {
            for (int digit = 2; digit <= 5; digit++) {
                line(
                        text,
                        "headroom_balancer_answers_total",
                        labels + ",code=\"" + digit + "xx\"",
                        backend.answers(digit));
            }
        }
    }

    private static void histogram(StringBuilder text, String labels, LatencyBuckets buckets) {
        long sum = 0;
        for (int i = 0; i < LatencyBuckets.size(); i++) {
            sum += buckets.count(i);
            String bound = String.format(Locale.ROOT, "%.9f", LatencyBuckets.boundSeconds(i));
            line(
                    text,
                    "headroom_balancer_latency_seconds_bucket",
                    labels + ",le=\"" + bound + "\"",
                    sum);
        }
        sum += buckets.count(LatencyBuckets.size());
        line(text, "headroom_balancer_latency_seconds_bucket", labels + ",le=\"+Inf\"", sum);
        text.append("headroom_balancer_latency_seconds_sum{")
                .append(labels)
                .append("} ")
                .append(String.format(Locale.ROOT, "%.9f", buckets.sumSeconds()))
                .append('\n');
        line(text, "headroom_balancer_latency_seconds_count", labels, sum);
    }

    private static void line(StringBuilder text, String name, String labels, long value) {
        text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }
}
