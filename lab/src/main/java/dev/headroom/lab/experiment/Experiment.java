package dev.headroom.lab.experiment;

import dev.headroom.lab.run.ProgramVersion;
import dev.headroom.lab.run.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as it was resolved: every default is filled in, every path is absolute, every name is known to be right.
 *
 * @param name names the run directory and the report; letters, digits, {@code . _ -}
 * @param manifests files and folders that are applied as they are, in this order
 * @param autoscaler bounds set on the HorizontalPodAutoscaler of the target; null leaves it as its manifest says
 * @param pods of the cluster that send the load; null sends it from the machine that this program runs on
 * @param images what image names stand for on the embedded cluster, besides those it ships with
 */
public record Experiment(
        String name,
        List<Path> manifests,
        @Nullable Autoscaler autoscaler,
        Target target,
        Load load,
        @Nullable Pods pods,
        Map<String, Image> images,
        Timeouts timeouts,
        Expect expect) {

    /** One whose load is sent from the machine that this program runs on. */
    public Experiment(
            String name,
            List<Path> manifests,
            @Nullable Autoscaler autoscaler,
            Target target,
            Load load,
            Map<String, Image> images,
            Timeouts timeouts,
            Expect expect) {
        this(name, manifests, autoscaler, target, load, null, images, timeouts, expect);
    }

    public Experiment {
        manifests = List.copyOf(manifests);
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    }

    /** Bounds of the HorizontalPodAutoscaler; null leaves a bound as its manifest says. */
    public record Autoscaler(@Nullable Integer minReplicas, @Nullable Integer maxReplicas) {}

    /**
     * Where the load goes.
     *
     * @param service name of a Service in the manifests
     * @param path begins with {@code /}
     */
    public record Target(String service, String path) {}

    /** The load to offer. */
    public sealed interface Load {
        int connections();

        Duration duration();

        /** A Lua script as wrk takes it; without one the requests are {@code GET} of the target's path. */
        @Nullable Path script();

        /** An answer later than this counts as late. */
        Duration timeout();
    }

    /** A closed loop: each connection sends its next request when it has its answer. */
    public record Wrk(
            int threads,
            int connections,
            Duration duration,
            @Nullable Path script,
            Duration timeout)
            implements Load {}

    /** A constant rate; latency counts from when a request was due. */
    public record Rate(
            double perSecond,
            int connections,
            Duration duration,
            @Nullable Path script,
            Duration timeout)
            implements Load {}

    /**
     * The pods that send a load from inside the cluster.
     *
     * @param image Headroom's
     * @param cpu that each requests, a Kubernetes quantity
     */
    public record Pods(int count, String image, String cpu) {
        /** Headroom's image of this program's own version. */
        public static String ownImage() {
            return "ghcr.io/headroom-dev/headroom:"
                    + ProgramVersion.text().replace("-SNAPSHOT", "");
        }
    }

    /**
     * What an image name stands for on the embedded cluster.
     *
     * @param directory where the command runs
     */
    public record Image(List<String> command, Path directory, Map<String, String> env) {
        public Image {
            command = List.copyOf(command);
            env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
        }
    }

    /**
     * How long is waited, at most.
     *
     * @param ready for the deployment to become ready
     * @param baseline for the replicas to stand still where the idle service wants them before the load starts; zero does not wait
     */
    public record Timeouts(Duration ready, Duration baseline) {}

    /**
     * What the run must show.
     *
     * @param verdict null expects none in particular
     */
    public record Expect(@Nullable Verdict verdict, List<Threshold> thresholds) {
        public Expect {
            thresholds = List.copyOf(thresholds);
        }
    }
}
