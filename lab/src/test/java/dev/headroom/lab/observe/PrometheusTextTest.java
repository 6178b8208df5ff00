package dev.headroom.lab.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The examples of the format's own description, and what kubelets really answer. */
class PrometheusTextTest {
    private static List<String> read(String text, String... names) {
        List<String> samples = new ArrayList<>();
        PrometheusText.read(
                text,
                name -> names.length == 0 || List.of(names).contains(name),
                (name, labels, value, timestamp) ->
                        samples.add(name + new TreeMap<>(labels) + " " + value + " " + timestamp));
        return samples;
    }

    @Test
    void theFormatsOwnExample() {
        String text =
                """
                # HELP http_requests_total The total number of HTTP requests.
                # TYPE http_requests_total counter
                http_requests_total{method="post",code="200"} 1027 1395066363000
                http_requests_total{method="post",code="400"}    3 1395066363000

                # Escaping in label values:
                msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

                # Minimalistic line:
                metric_without_timestamp_and_labels 12.47

                # A weird metric from before the epoch:
                something_weird{problem="division by zero"} +Inf -3982045
                rpc_duration_seconds{quantile="0.01"} 3102
                rpc_duration_seconds_sum 1.7560473e+07
                """;
        assertThat(read(text))
                .containsExactly(
                        "http_requests_total{code=200, method=post} 1027.0 1395066363000",
                        "http_requests_total{code=400, method=post} 3.0 1395066363000",
                        "msdos_file_access_time_seconds{error=Cannot find file:\n\"FILE.TXT\", path=C:\\DIR\\FILE.TXT} 1.458255915E9 null",
                        "metric_without_timestamp_and_labels{} 12.47 null",
                        "something_weird{problem=division by zero} Infinity -3982045",
                        "rpc_duration_seconds{quantile=0.01} 3102.0 null",
                        "rpc_duration_seconds_sum{} 1.7560473E7 null");
    }

    @Test
    void onlyWhatIsWanted() {
        assertThat(read("a 1\nab 2\na{x=\"1\"} 3\nab 4\n", "ab"))
                .containsExactly("ab{} 2.0 null", "ab{} 4.0 null");
    }

    @Test
    void otherTextHasNoSamples() {
        assertThat(read("<html><body>Not Found</body></html>\n")).isEmpty();
        assertThat(read("{\"kind\":\"Status\"}")).isEmpty();
        assertThat(read("name{a=\"b} 1\nname{a=b} 1\nname x\n")).isEmpty();
        assertThat(read("")).isEmpty();
    }

    @Test
    void usesOfPods() {
        String text =
                """
                container_cpu_usage_seconds_total{container="",namespace="n",pod="p"} 99
                container_cpu_usage_seconds_total{container="a",namespace="n",pod="p"} 1.5 1000
                container_cpu_usage_seconds_total{container="b",namespace="n",pod="p"} 2 1000
                container_cpu_usage_seconds_total{container="POD",namespace="n",pod="p"} 7
                container_cpu_usage_seconds_total{container="a",namespace="other",pod="p"} 7
                container_cpu_cfs_throttled_periods_total{container="",namespace="n",pod="p"} 4
                container_memory_working_set_bytes{container="a",namespace="n",pod="q"} 1e6
                """;
        var uses = PodUse.read(text, "n");
        assertThat(uses).containsOnlyKeys("p", "q");
        PodUse p = uses.get("p");
        assertThat(p).isNotNull();
        assertThat(p.cpuSeconds).isEqualTo(3.5);
        assertThat(p.timestamp).isEqualTo(1000);
        assertThat(p.throttledPeriods).isEqualTo(4);
        assertThat(p.periods).isNull();
        assertThat(p.memoryBytes).isNull();
    }

    @Test
    void thePodsOwn() {
        String text =
                """
                iris_http_requests_total{code="200"} 10
                iris_http_requests_total{code="404"} 2
                iris_http_connections_accepted_total 5
                iris_http_connections_open 3
                """;
        assertThat(OwnMetrics.read(text)).isEqualTo(new Observation.Traffic(12, 2, 3, 5));
        assertThat(OwnMetrics.read("iris_http_requests_total 1\n")).isNull();
        assertThat(OwnMetrics.read("nothing to see")).isNull();
    }
}
