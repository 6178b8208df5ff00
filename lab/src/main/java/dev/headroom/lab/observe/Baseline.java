package dev.headroom.lab.observe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether the load may begin: metrics are known, and the replicas have stood still for one sync period where the idle service wants them.
 *
 * <p>An autoscaler keeps the recommendations of an earlier run for its stabilisation window, even when it is deleted and created again within one sync period; a
 * load that begins while these still act shows their scale-out, not its own.
 *
 * @param syncPeriod the autoscaler's
 * @param bound how long is waited at most
 */
public record Baseline(Duration syncPeriod, Duration metricsWindow, Duration bound) {
    /** Kubernetes' default. */
    private static final double TOLERANCE = 0.1;

    /** For so long a ready service may still be starting; one that is busy for longer is so by itself. */
    private static final Duration STARTING = Duration.ofMinutes(2);

    /** What to do now. */
    public sealed interface Step {}

    /** Wait, for the reason given. */
    public record Wait(String reason) implements Step {}

    /**
     * Begin.
     *
     * @param settled whether the baseline was reached; else the wait was given up, and the detail says at what
     */
    public record Go(boolean settled, String detail) implements Step {}

    /**
     * Decides from what was last observed.
     *
     * @param waited since the target was ready
     */
    public Step decide(Snapshot now, Duration waited) {
        String reason = reason(now, waited);
        Observation.Replicas replicas = now.sample().replicas();
        if (reason == null) {
            return new Go(true, replicas.ready() + " replicas" + use(now));
        }
        if (waited.compareTo(bound) >= 0) {
            return new Go(
                    false,
                    bound.isZero()
                            ? "not waited for; "
                                    + replicas.desired()
                                    + " replicas wanted, "
                                    + replicas.ready()
                                    + " ready"
                            : "given up after " + waited.toSeconds() + " s: " + reason);
        }
        return new Wait(reason);
    }

    private static String use(Snapshot now) {
        Integer percent = now.utilizationPercent();
        return percent == null ? "" : ", CPU " + percent + " %";
    }

    private @Nullable String reason(Snapshot now, Duration waited) {
        Observation.Replicas replicas = now.sample().replicas();
        if (replicas.ready() < replicas.desired() || replicas.current() != replicas.desired()) {
            return "replicas are not all ready ("
                    + replicas.ready()
                    + " of "
                    + replicas.desired()
                    + ")";
        }
        if (now.autoscaler() != null) {
            String metrics = metrics(now, now.autoscaler(), waited);
            if (metrics != null) {
                return metrics;
            }
            String busy = waited.compareTo(STARTING) < 0 ? busy(now) : null;
            if (busy != null) {
                return busy;
            }
            int idle = idleReplicas(now, now.autoscaler());
            if (replicas.desired() > idle) {
                return "replicas stand at "
                        + replicas.desired()
                        + ", above the "
                        + idle
                        + " that the idle service asks for (an earlier recommendation is kept for the stabilisation window)";
            }
        }
        Duration still = Duration.ofMillis(now.sample().at() - now.stillSince());
        return still.compareTo(syncPeriod) < 0
                ? "replicas have to stand still for " + syncPeriod.toSeconds() + " s"
                : null;
    }

    /** A service that is still starting uses CPU that no load asked for, and an autoscaler raises its replicas by it. */
    private static @Nullable String busy(Snapshot now) {
        Integer use = now.utilizationPercent();
        Integer target = now.targetPercent();
        return use == null || target == null || use <= target * (1 + TOLERANCE)
                ? null
                : "the pods use "
                        + use
                        + " % of their request without any load, above the target of "
                        + target
                        + " % (they may still be starting)";
    }

    /** Null once the autoscaler has its metrics, or has been without for so long that it is not a matter of waiting. */
    private @Nullable String metrics(Snapshot now, JsonNode autoscaler, Duration waited) {
        boolean known = now.metrics() != null && now.metrics().items().size() >= now.pods().size();
        if (known && active(autoscaler)) {
            return null;
        }
        // A first measurement takes two windows; the autoscaler looks once a period, and a missing
        // request never heals.
        Duration hopeless = metricsWindow.multipliedBy(3).plus(syncPeriod.multipliedBy(2));
        if (waited.compareTo(hopeless) >= 0) {
            return null;
        }
        return known
                ? "the autoscaler has not taken its metrics in yet"
                : "metrics of the pods are not known yet";
    }

    private static boolean active(JsonNode autoscaler) {
        for (JsonNode condition : autoscaler.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("ScalingActive")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }

    /** What the autoscaler asks for by its CPU metric, without memory of earlier; its bound below where that is unknown. */
    private static int idleReplicas(Snapshot now, JsonNode autoscaler) {
        int current = now.sample().replicas().desired();
        int min = autoscaler.path("spec").path("minReplicas").asInt(1);
        Integer use = now.utilizationPercent();
        Integer target = now.targetPercent();
        if (use == null || target == null || target <= 0) {
            return Math.max(min, current);
        }
        double ratio = (double) use / target;
        int asked = Math.abs(ratio - 1) <= TOLERANCE ? current : (int) Math.ceil(ratio * current);
        return Math.max(min, asked);
    }
}
