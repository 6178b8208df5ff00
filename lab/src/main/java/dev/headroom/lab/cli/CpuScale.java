package dev.headroom.lab.cli;

import java.util.Locale;

/**
 * How much of a host CPU one node CPU stands for on the embedded cluster, so that pods at their limits, balancer, load generator and the cluster itself fit on this
 * machine side by side. A pure function of what the host can give and what the experiment wants.
 */
record CpuScale(double scale, String why) {
    /**
     * CPUs that one CPU of pods costs in all, where a request is as small as the Iris API's. Measured at 15,000 a second on two CPUs: for each CPU of the pods the balancer
     * used 1.6 and wrk 0.9, most of it in the system's network stack and in waking up.
     */
    static final double COST_OF_SMALL_REQUESTS = 3.5;

    /** The same for services of one's own, whose requests mostly cost the pod a millisecond or more, and balancer and generator next to nothing. */
    static final double COST = 1.5;

    /**
     * The part of the free CPUs that a run plans with. The rest is for what a look of two seconds does not meet, and for the balancer's one loop, which makes requests wait long
     * before it is full. Seen on two CPUs: with all of them planned, 1,000 connections over the throughput gave 64 ms where the pods answered in 38; with two thirds,
     * 2,000 connections on one pod 116 ms where it answered in 90.
     */
    static final double PLANNED = 0.45;

    /** For the API server, the controllers and the observer, in host CPUs. */
    static final double CLUSTER = 0.1;

    /** Below it a pod would hardly run. */
    static final double LEAST = 0.05;

    /**
     * What the host can give.
     *
     * @param cpus that this program may use
     * @param busy of these what others use now, in CPUs
     * @param others what runs beside this one take or will take, whether they use it now or not
     */
    record Host(double cpus, double busy, HostShare.Others others) {
        /** CPUs for one run. */
        double free() {
            double left = cpus - Math.max(busy, others.reserved());
            return Math.max(0, left) / (1 + others.undecided());
        }
    }

    /**
     * What the experiment wants.
     *
     * @param pods at the most
     * @param limit of one, in node CPUs
     * @param cost CPUs that one CPU of its pods costs in all, balancer and generator included
     */
    record Wanted(int pods, double limit, double cost) {}

    static CpuScale of(Host host, Wanted wanted) {
        double scale = Math.min(1, possible(host, wanted));
        // Down to a twentieth: figures that people can remember, and a second run mostly gets the
        // same.
        double rounded = Math.max(LEAST, Math.floor(scale * 20 + 1e-9) / 20);
        return new CpuScale(rounded, why(host, wanted));
    }

    /**
     * Whether a run can be what it says it is. Where others use most of the host and leave less than half of the least scale, it can't: time limits are not scaled, so a pod that slow
     * breaks its probes' and its clients' where no pod of its size would.
     */
    static boolean fits(Host host, Wanted wanted) {
        return possible(host, wanted) >= LEAST / 2 || host.free() >= host.cpus() / 2;
    }

    private static double possible(Host host, Wanted wanted) {
        double free = Math.max(0, host.free() - CLUSTER);
        double needed = wanted.pods() * wanted.limit();
        return free * PLANNED / wanted.cost() / Math.max(needed, 0.001);
    }

    /** What is asked of how much, in words. */
    static String why(Host host, Wanted wanted) {
        return String.format(
                Locale.ROOT,
                "%d pods of %.3g node CPU beside load generator and balancer, with %.2f of %.3g host CPUs free",
                wanted.pods(),
                wanted.limit(),
                host.free(),
                host.cpus());
    }

    /** What a run takes of the host at the most, in CPUs: its pods, and what goes with them. */
    double reservation(Wanted wanted) {
        return wanted.pods() * wanted.limit() * scale * wanted.cost() + CLUSTER;
    }
}
