package dev.headroom.cluster.node;

/**
 * What pods weigh on a full host against any other program: a quarter of what that has by default, enough to live beside some that are busy.
 * Pods give way, so that a full one does not hold up the balancer and the generator that measure it.
 */
final class PodWeight {
    /** Of control groups, version 1, where 1024 is the default. */
    static final String SHARES = "256";

    /** Of control groups, version 2, where 100 is the default. */
    static final String WEIGHT = "25";

    /** Of processes, and of sessions where Linux weighs those against one another (autogroup); each step is 1.25 times less. */
    static final String NICENESS = "6";

    private PodWeight() {}
}
