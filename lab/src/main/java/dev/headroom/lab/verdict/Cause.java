package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import org.jspecify.annotations.Nullable;

/** Why a verdict holds: what a rule found, by kind. */
sealed interface Cause {
    Verdict verdict();

    /**
     * The measurement itself was the limit.
     *
     * @param problem a clause: what was wrong with it
     * @param fix the setting that would mend it, with its value; null where none could be computed
     */
    record Unsound(String problem, @Nullable Fix fix) implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.INVALID;
        }
    }

    /** A setting, what it was, and the least value that mends it. */
    record Fix(String setting, String was, String value, String why) {}

    /**
     * Pods lost their readiness, and with it their say.
     *
     * @param probe in words, with its timeout
     * @param ageSeconds of the pod when it lost it
     * @param wouldAsk what the autoscaler would have asked for had it counted them; null where that is not known
     */
    record UnreadyUnderLoad(
            String pod,
            String probe,
            @Nullable Double timeoutSeconds,
            double ageSeconds,
            int passes,
            int replicas,
            @Nullable Integer wouldAsk)
            implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.UNREADY_UNDER_LOAD;
        }
    }

    /**
     * The autoscaler had nothing to go by.
     *
     * @param container without a request; null where that is not the reason
     */
    record MetricsMissing(String reason, String message, @Nullable String container, int passes)
            implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.METRICS_MISSING;
        }
    }

    /** Somebody else sets the replicas. */
    record Contested(String writer, int from, int to, int decided) implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.CONTESTED;
        }
    }

    /**
     * CPU can't reach the target.
     *
     * @param limitPercent limits over requests, pod sums
     */
    record TargetUnreachable(double limitPercent, int targetPercent, double request, double limit)
            implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.TARGET_UNREACHABLE;
        }
    }

    /**
     * Pods that are wanted are missing.
     *
     * @param object whose status or event says so
     * @param beforeLoad whether it never became ready, so that no load was sent
     */
    record Missing(
            Verdict verdict,
            String object,
            String reason,
            String message,
            double seconds,
            boolean beforeLoad)
            implements Cause {}

    /**
     * It would have more, and may not.
     *
     * @param asked the most that was asked for; null where only its condition tells
     * @param possible whether the load began below the maximum
     */
    record AtMaximum(int max, @Nullable Integer asked, int passes, boolean possible, Phase phase)
            implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.BOTTLENECK_MAX_REPLICAS;
        }
    }

    /**
     * More pods, and not enough for it.
     *
     * @param pinned whether the connections that were there stayed with the old pods
     * @param readySeconds how long the new pods were ready under load
     */
    record WithoutGain(Gain gain, boolean pinned, String why, double readySeconds)
            implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.SCALED_WITHOUT_GAIN;
        }
    }

    /**
     * Enough in the end, but late.
     *
     * @param slowest the slowest step of the reaction; null where none was seen
     * @param lateBySeconds what the load lacked for a phase with the new pods; null where it lacked nothing
     * @param enough replicas that kept the thresholds in the end; null where that was not seen
     */
    record TooLate(
            int from,
            int to,
            String why,
            VerdictRecord.@Nullable ReactionStep slowest,
            @Nullable Double lateBySeconds,
            @Nullable Integer enough)
            implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.SCALED_TOO_LATE;
        }
    }

    /** As it should be. */
    record Scaled(Gain gain, double leastShare) implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.SCALED;
        }
    }

    /**
     * No more was needed.
     *
     * @param asked the most that was asked for; null without an autoscaler, or where only conditions tell
     */
    record Held(int replicas, @Nullable Integer asked, int passes) implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.HELD;
        }
    }

    /**
     * More was needed, and did not come.
     *
     * @param asked null without an autoscaler, or where only conditions tell
     */
    record NotScaled(int replicas, @Nullable Integer asked, String why, @Nullable Fix fix)
            implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.NOT_SCALED;
        }
    }

    /** Nothing can be said. */
    record Unclear(String why, @Nullable Fix fix) implements Cause {
        @Override
        public Verdict verdict() {
            return Verdict.INCONCLUSIVE;
        }
    }
}
