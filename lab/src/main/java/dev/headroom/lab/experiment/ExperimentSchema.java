package dev.headroom.lab.experiment;

import dev.headroom.lab.run.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The shape of an experiment file: the one place that says which keys there are, what they take and what holds without them. */
final class ExperimentSchema {
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    static final Duration DEFAULT_READY = Duration.ofMinutes(3);
    static final Duration DEFAULT_BASELINE = Duration.ofMinutes(6);

    static final String LOCAL = "local";
    static final String CLUSTER = "cluster";
    static final int DEFAULT_PODS = 1;
    static final String DEFAULT_CPU = "500m";

    private static final Duration DAY = Duration.ofDays(1);
    private static final Shape CONNECTIONS = new Shape.Whole(1, 1_000_000);
    private static final Shape DURATION = new Shape.Span(Duration.ofSeconds(1), DAY, "90s", true);
    private static final Shape TIMEOUT =
            new Shape.Span(Duration.ofSeconds(1), Duration.ofHours(1), "2s", true);
    private static final Shape SCRIPT = new Shape.Existing(true, false);
    private static final Shape CPU =
            new Shape.Text(
                    Pattern.compile("[1-9][0-9]{0,5}m|(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?"),
                    "CPUs as Kubernetes writes them, such as 500m or 2");
    private static final Shape ANY_TEXT =
            new Shape.Text(Pattern.compile("(?s)[^\\x00]*"), "a text");

    static final Shape.Mapping ROOT =
            mapping(
                    required(
                            "name",
                            new Shape.Text(
                                    Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}"),
                                    "a name of at most 63 letters, digits, \".\", \"_\" or \"-\", beginning with a letter or digit"),
                            "Names the run directory and the report. Experiments of one `headroom run` have different names."),
                    required(
                            "manifests",
                            new Shape.Items(new Shape.Existing(true, true), 1, true),
                            "Kubernetes manifests, applied as they are: a file, a folder (its `.yaml`, `.yml` and `.json` files, by name), or a list of such."),
                    optional(
                            "autoscaler",
                            mapping(
                                    optional(
                                            "minReplicas",
                                            new Shape.Whole(1, 10_000),
                                            "as in the manifest",
                                            "The least replicas."),
                                    optional(
                                            "maxReplicas",
                                            new Shape.Whole(1, 10_000),
                                            "as in the manifest",
                                            "The most replicas.")),
                            "as in the manifest",
                            "Bounds for the HorizontalPodAutoscaler of the service's workload, set in place of its manifest's."),
                    required(
                            "target",
                            mapping(
                                    required(
                                            "service",
                                            text("the name of a Service in the manifests"),
                                            "A Service in the manifests; the load goes to its first port."),
                                    optional(
                                            "path",
                                            new Shape.Text(
                                                    Pattern.compile("/[^\\s#]*"),
                                                    "a path that begins with \"/\", without spaces"),
                                            "/",
                                            "The path of the requests; a script may choose others.")),
                            "Where the load goes."),
                    required(
                            "load",
                            loads(),
                            "The load: exactly one of `wrk` and `rate`, and where it is sent from."),
                    optional(
                            "images",
                            new Shape.Named("image names to what they stand for", null, image()),
                            "those that Headroom ships",
                            "Only for services of one's own, and only on the embedded cluster, which runs pods as processes: what an image name stands for. On a real cluster the image itself is used."),
                    optional(
                            "timeouts",
                            mapping(
                                    optional(
                                            "ready",
                                            new Shape.Span(Duration.ofSeconds(1), DAY, "3m", false),
                                            Units.text(DEFAULT_READY),
                                            "How long the workload may take to become ready; after that no load is sent and the verdict says what stood in the way."),
                                    optional(
                                            "baseline",
                                            new Shape.Span(Duration.ZERO, DAY, "6m", false),
                                            Units.text(DEFAULT_BASELINE),
                                            "How long is waited, before the load, for metrics to be known and the replicas to stand still where the idle service wants them. `0s` does not wait, as `--no-baseline`.")),
                            "those of its keys",
                            "How long is waited, at most."),
                    optional(
                            "expect",
                            expect(),
                            "nothing is expected",
                            "What the run must show; exit code 99 where it does not."));

    private ExperimentSchema() {}

    private static Shape loads() {
        return new Shape.Mapping(
                List.of(
                        optional(
                                "wrk",
                                mapping(
                                        required(
                                                "threads",
                                                new Shape.Whole(1, 1024),
                                                "Threads of the generator; no more than connections."),
                                        required(
                                                "connections",
                                                CONNECTIONS,
                                                "Connections kept open; each sends its next request when it has its answer."),
                                        required("duration", DURATION, "How long."),
                                        optional(
                                                "script",
                                                SCRIPT,
                                                "GET of `target.path`",
                                                "A Lua script as wrk takes it."),
                                        optional(
                                                "timeout",
                                                TIMEOUT,
                                                Units.text(DEFAULT_TIMEOUT),
                                                "An answer later than this counts as late; wrk leaves it out of its percentiles.")),
                                "none",
                                "A closed loop, by `wrk` where it is on the PATH, else by the built-in generator with the same meaning."),
                        optional(
                                "rate",
                                mapping(
                                        required(
                                                "rate",
                                                new Shape.Frequency(10_000_000),
                                                "Requests over time, at a constant rate."),
                                        required(
                                                "connections",
                                                CONNECTIONS,
                                                "Connections to send them over, at most."),
                                        required("duration", DURATION, "How long."),
                                        optional(
                                                "script",
                                                SCRIPT,
                                                "GET of `target.path`",
                                                "A Lua script as wrk takes it."),
                                        optional(
                                                "timeout",
                                                TIMEOUT,
                                                Units.text(DEFAULT_TIMEOUT),
                                                "An answer later than this counts as late.")),
                                "none",
                                "A constant rate, by the built-in generator; latency counts from when a request was due, so a slow service can't hide (no coordinated omission)."),
                        optional(
                                "where",
                                new Shape.Word(List.of(LOCAL, CLUSTER)),
                                LOCAL,
                                "Where it is sent from: `local`, the machine that Headroom runs on, or `cluster`, pods of Headroom's image beside the service; see [load](load.md)."),
                        optional(
                                "pods",
                                new Shape.Whole(1, 1000),
                                String.valueOf(DEFAULT_PODS),
                                "Only with `where: cluster`: how many pods; each sends its share of the connections and of the rate, with as many threads as are asked for."),
                        optional(
                                "image",
                                text("an image's name"),
                                "the one of this program's version",
                                "Only with `where: cluster`: Headroom's image, as the cluster pulls it."),
                        optional(
                                "cpu",
                                CPU,
                                DEFAULT_CPU,
                                "Only with `where: cluster`: what each of the pods requests. It is no limit.")),
                List.of("wrk", "rate"));
    }

    private static Shape image() {
        return mapping(
                required(
                        "command",
                        new Shape.Items(ANY_TEXT, 1, false),
                        "Program and arguments; `$(NAME)` is replaced as Kubernetes does, `$(POD_IP)` is the pod's address. A manifest's own `command` and `args` go before it."),
                optional(
                        "directory",
                        new Shape.Existing(false, true),
                        "the folder of the experiment file",
                        "Where it runs."),
                optional(
                        "env",
                        new Shape.Named(
                                "names of environment variables to their values", null, ANY_TEXT),
                        "none",
                        "Environment, before the manifest's own."));
    }

    private static Shape expect() {
        List<String> metrics =
                Arrays.stream(Threshold.Metric.values()).map(Threshold.Metric::word).toList();
        return mapping(
                optional(
                        "verdict",
                        new Shape.Word(
                                Arrays.stream(Verdict.values())
                                        .map(Verdict::word)
                                        .sorted()
                                        .toList()),
                        "any",
                        "The verdict; see [verdicts](verdicts.md)."),
                optional(
                        "thresholds",
                        new Shape.Named(
                                "metrics to lists of thresholds",
                                metrics,
                                new Shape.Items(
                                        text("a threshold in k6's notation, such as 'p(99)<500'"),
                                        1,
                                        false)),
                        "none",
                        "Conditions on the whole load, in k6's notation."));
    }

    private static Shape text(String words) {
        return new Shape.Text(Pattern.compile("\\S.*"), words);
    }

    private static Shape.Mapping mapping(Shape.Key... keys) {
        return new Shape.Mapping(List.of(keys), List.of());
    }

    private static Shape.Key required(String name, Shape shape, String meaning) {
        return new Shape.Key(name, shape, true, null, meaning);
    }

    private static Shape.Key optional(String name, Shape shape, String fallback, String meaning) {
        return new Shape.Key(name, shape, false, fallback, meaning);
    }
}
