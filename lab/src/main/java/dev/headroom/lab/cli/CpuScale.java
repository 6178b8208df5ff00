package dev.headroom.lab.cli;

/**
 * How much of a host CPU one node CPU stands for on the embedded cluster, so that pods at their limits, balancer, load generator and the cluster itself fit on this
 * machine side by side. A pure function of what the host can give and what the experiment wants.
 */
record CpuScale(double scale, String why) {
    /**
     * The part of the free CPUs that the pods may have together: balancer and generator spend about one and a half times as much on a small request as the pod that answers
     * it, the system's network stack included.
     */
    static final double SHARE_OF_PODS = 0.36;

    /** For the API server, the controllers and the observer, in host CPUs. */
    static final double CLUSTER = 0.1;

    /** Below it a pod would hardly run. */
    static final double LEAST = 0.05;

    /**
     * What the host can give.
     *
     * @param cpus that this program may use
     * @param busy of these what others use now, in CPUs
     */
    record Host(double cpus, double busy) {}

    /**
     * What the experiment wants.
     *
     * @param pods at the most
     * @param limit of one, in node CPUs
     */
    record Wanted(int pods, double limit) {}

    static CpuScale of(Host host, Wanted wanted) {
        double free = Math.max(0, host.cpus() - host.busy() - CLUSTER);
        double forPods = free * SHARE_OF_PODS;
        double needed = wanted.pods() * wanted.limit();
        double scale = Math.min(1, forPods / Math.max(needed, 0.001));
        // Down to a twentieth: figures that people can remember, and a second run mostly gets the
        // same.
        double rounded = Math.max(LEAST, Math.floor(scale * 20 + 1e-9) / 20);
        return new CpuScale(
                rounded,
                String.format(
                        java.util.Locale.ROOT,
                        "%d pods of %.3g node CPU beside load generator and balancer, with %.2f of %.3g host CPUs free",
                        wanted.pods(),
                        wanted.limit(),
                        Math.max(0, host.cpus() - host.busy()),
                        host.cpus()));
    }
}
