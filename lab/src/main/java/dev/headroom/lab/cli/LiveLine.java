package dev.headroom.lab.cli;

import dev.headroom.lab.load.LoadProgress;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.observe.Snapshot;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The line that says how a load goes: time left, replicas, CPU against its target, requests per second, p99, errors. What is not known is a dash. Fits
 * into 80 columns; what matters most stands first, for narrower terminals.
 */
final class LiveLine {
    private LiveLine() {}

    static String text(
            Duration left,
            @Nullable Snapshot atStart,
            @Nullable Snapshot seen,
            LoadProgress.@Nullable Moment before,
            LoadProgress.@Nullable Moment now) {
        return String.format(
                Locale.ROOT,
                "%s left  replicas %s  CPU %s  %s req/s  p99 %s  errors %s",
                clock(left),
                replicas(seen),
                use(seen),
                number(rate(seen, before, now)),
                millis(p99(seen, now)),
                number(errors(atStart, seen, now)));
    }

    private static String clock(Duration left) {
        long seconds = Math.max(0, (left.toMillis() + 999) / 1000);
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    private static String replicas(@Nullable Snapshot seen) {
        if (seen == null) {
            return "–";
        }
        var replicas = seen.sample().replicas();
        return replicas.ready() == replicas.desired()
                ? String.valueOf(replicas.ready())
                : replicas.ready() + " of " + replicas.desired();
    }

    private static String use(@Nullable Snapshot seen) {
        if (seen == null || seen.targetPercent() == null) {
            return "–";
        }
        Integer use = seen.utilizationPercent();
        return (use == null ? "–" : use + " %") + "/" + seen.targetPercent() + " %";
    }

    /** The truest that is known: the balancer's count, the generator's, the pods' own. */
    static @Nullable Double rate(
            @Nullable Snapshot seen,
            LoadProgress.@Nullable Moment before,
            LoadProgress.@Nullable Moment now) {
        Double balanced = seen == null ? null : rate(seen, PodSample::balancer);
        if (balanced != null) {
            return balanced;
        }
        if (now != null && before != null && now.answers() != null && before.answers() != null) {
            double seconds = now.elapsed().minus(before.elapsed()).toMillis() / 1e3;
            return seconds <= 0 ? null : (now.answers() - before.answers()) / seconds;
        }
        return seen == null ? null : rate(seen, PodSample::own);
    }

    private static @Nullable Double rate(
            Snapshot seen, Function<PodSample, @Nullable Traffic> which) {
        Sample before = seen.before();
        if (before == null) {
            return null;
        }
        double seconds = (seen.sample().at() - before.at()) / 1e3;
        Long more = null;
        for (PodSample pod : seen.sample().pods()) {
            Traffic now = which.apply(pod);
            if (now == null) {
                continue;
            }
            long earlier = 0;
            for (PodSample same : before.pods()) {
                Traffic then = same.pod().equals(pod.pod()) ? which.apply(same) : null;
                earlier = then == null ? earlier : then.answers();
            }
            more = (more == null ? 0 : more) + now.answers() - earlier;
        }
        return more == null || seconds <= 0 ? null : more / seconds;
    }

    private static @Nullable Double p99(
            @Nullable Snapshot seen, LoadProgress.@Nullable Moment now) {
        if (now != null && now.p99Millis() != null) {
            return now.p99Millis();
        }
        return seen == null || seen.sample().service() == null
                ? null
                : seen.sample().service().p99();
    }

    /** Of the load alone: what failed before it, such as a first look at a pod that did not listen yet, is no error of its. */
    private static @Nullable Double errors(
            @Nullable Snapshot atStart,
            @Nullable Snapshot seen,
            LoadProgress.@Nullable Moment now) {
        if (now != null && now.failed() != null) {
            return now.failed().doubleValue();
        }
        Double failed = failed(seen);
        Double before = failed(atStart);
        return failed == null || before == null ? failed : Double.valueOf(failed - before);
    }

    private static @Nullable Double failed(@Nullable Snapshot seen) {
        if (seen == null) {
            return null;
        }
        Double failed = null;
        for (PodSample pod : seen.sample().pods()) {
            Traffic traffic = pod.balancer() != null ? pod.balancer() : pod.own();
            if (traffic != null) {
                failed = (failed == null ? 0 : failed) + traffic.failed();
            }
        }
        var service = seen.sample().service();
        return failed == null || service == null
                ? failed
                : Double.valueOf(failed + service.unanswered());
    }

    private static String number(@Nullable Double value) {
        return value == null ? "–" : String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String millis(@Nullable Double value) {
        return value == null
                ? "–"
                : String.format(Locale.ROOT, value < 10 ? "%.1f ms" : "%,.0f ms", value);
    }
}
