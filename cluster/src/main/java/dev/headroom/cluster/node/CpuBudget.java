package dev.headroom.cluster.node;

/**
 * The kernel's bandwidth control as arithmetic: so much CPU time in each 100 ms; who has used it up stands still until the next period
 * begins. Use is only looked at now and then, so what was taken too much is taken off the periods after. Times in nanoseconds. No clock,
 * no process: told of both.
 */
final class CpuBudget {
    static final long PERIOD = 100_000_000;
    private static final long SHORTEST_LOOK = 1_000_000;

    private final long quota;
    private final int hostCpus;
    private long periodStart;
    private long usedAtStart;
    private long debt;
    private long left;
    private boolean stopped;
    private long stoppedAt;
    private long periods;
    private long throttled;
    private long throttledNanos;

    /**
     * A budget from now on.
     *
     * @param cpus the limit
     * @param hostCpus on how many at once the budget may be used up
     */
    CpuBudget(double cpus, int hostCpus, long now) {
        this.quota = Math.max(SHORTEST_LOOK, Math.round(cpus * PERIOD));
        this.hostCpus = hostCpus;
        this.periodStart = now;
        this.left = quota;
    }

    /**
     * Learns what has been used.
     *
     * @param used since the beginning
     * @return whether it has to stand still now
     */
    boolean observe(long now, long used) {
        if (now - periodStart >= PERIOD) {
            beginPeriod(now, used);
        }
        left = quota - debt - (used - usedAtStart);
        if (!stopped && left <= 0) {
            stopped = true;
            stoppedAt = now;
            throttled++;
        }
        return stopped;
    }

    private void beginPeriod(long now, long used) {
        long passed = (now - periodStart) / PERIOD;
        long taken = used - usedAtStart;
        if (taken > 0 || stopped) {
            periods += stopped ? passed : 1;
        }
        debt = Math.max(0, debt + taken - quota * passed);
        periodStart += passed * PERIOD;
        usedAtStart = used;
        if (stopped && debt < quota) {
            stopped = false;
            throttledNanos += now - stoppedAt;
        } else if (stopped) {
            throttled += passed;
        }
    }

    /** When it must be looked at again: before the rest can have been used up by all CPUs together. */
    long nextLook(long now) {
        long periodEnd = periodStart + PERIOD;
        return stopped
                ? periodEnd
                : Math.min(periodEnd, now + Math.max(SHORTEST_LOOK, left / hostCpus));
    }

    /** Periods in which it ran, or was kept from it. */
    long periods() {
        return periods;
    }

    long throttled() {
        return throttled;
    }

    long throttledNanos(long now) {
        return throttledNanos + (stopped ? now - stoppedAt : 0);
    }
}
