package dev.headroom.lab.verdict;

import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the load in which the set of serving pods was constant.
 *
 * @param windows after settling; where throughput is unknown, whole seconds
 * @param throughput good answers a second: the median of the windows, or their mean where answers come in bursts
 * @param meanThroughput good answers a second, mean
 * @param bursts whether answers come in bursts, so that a median tells nothing
 * @param answers a second, of any status, mean
 * @param meanLatencyMillis N/X in a closed loop, of all answers; as measured with a constant rate
 * @param balancerMeanMillis mean latency as the balancer measured it; null where it can't be had
 * @param balancerFirstMillis mean latency of those who were in flight when the stretch began; null where it can't be had
 * @param open connections open at the service, mean; null where unknown
 */
record Phase(
        long start,
        long end,
        int windows,
        @Nullable Double throughput,
        @Nullable Double meanThroughput,
        boolean bursts,
        @Nullable Double answers,
        @Nullable Double meanLatencyMillis,
        @Nullable Double balancerMeanMillis,
        @Nullable Double balancerFirstMillis,
        @Nullable Double open,
        List<PodShare> pods) {

    /** The same, its throughput the mean: for a run whose answers come in bursts. */
    Phase byMean() {
        return new Phase(
                start,
                end,
                windows,
                meanThroughput,
                meanThroughput,
                true,
                answers,
                meanLatencyMillis,
                balancerMeanMillis,
                balancerFirstMillis,
                open,
                pods);
    }

    boolean decides() {
        return windows >= Constants.LEAST_WINDOWS;
    }

    long settled() {
        return start + Constants.SETTLING_MILLIS;
    }

    int size() {
        return pods.size();
    }

    boolean has(String pod) {
        return pods.stream().anyMatch(p -> p.pod().equals(pod));
    }

    /** Null where one that is not known could change the answer. */
    @Nullable Boolean allSaturated() {
        if (pods.isEmpty()) {
            return null;
        }
        Boolean all = true;
        for (PodShare pod : pods) {
            if (pod.saturated() == null) {
                all = null;
            } else if (!pod.saturated()) {
                return false;
            }
        }
        return all;
    }

    /** Null where one that is not known could change the answer. */
    @Nullable Boolean anySaturated() {
        if (pods.isEmpty()) {
            return null;
        }
        Boolean any = false;
        for (PodShare pod : pods) {
            if (pod.saturated() == null) {
                any = null;
            } else if (pod.saturated()) {
                return true;
            }
        }
        return any;
    }

    VerdictRecord.Phase record() {
        return new VerdictRecord.Phase(
                start, end, decides(), windows, throughput, meanLatencyMillis, pods);
    }
}
