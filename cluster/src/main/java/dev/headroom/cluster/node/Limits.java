package dev.headroom.cluster.node;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A way to hold containers to their CPU limit and to tell what they used. All figures here are in host CPUs. */
interface Limits extends AutoCloseable {
    /** As the report names it. */
    String mechanism();

    /**
     * Makes a place for a container's processes.
     *
     * @param cpus null for no limit
     * @param memoryBytes null for no limit
     */
    Group create(String name, @Nullable Double cpus, @Nullable Long memoryBytes)
            throws java.io.IOException;

    @Override
    void close();

    /** A container's processes, from before it starts until after the last has ended. */
    interface Group extends AutoCloseable {
        /** Files into which the container writes its process id before it becomes the user's program. */
        List<String> joined();

        /** The container's first process is there. */
        void started(long pid);

        Usage usage();

        /** Ends all its processes at once. */
        void kill();

        /** Whether a process was ended for want of memory. */
        boolean ranOutOfMemory();

        @Override
        void close();
    }

    /**
     * What a group has used since it was made.
     *
     * @param cpuSeconds on host CPUs
     * @param periods in which it ran under a limit
     * @param throttled of those, in which it was stopped at the limit
     * @param waitSeconds runnable without a CPU, throttling not counted
     */
    record Usage(
            double cpuSeconds,
            long periods,
            long throttled,
            double throttledSeconds,
            double waitSeconds,
            long memoryBytes) {}

    /** The first mechanism that works here. */
    static Limits find(String clusterId, Map<String, String> environment) {
        String forced = environment.getOrDefault("HEADROOM_CPU_LIMITS", "");
        if (forced.isEmpty() || forced.equals("cgroup-v2")) {
            Limits v2 = CgroupV2.tryCreate(clusterId);
            if (v2 != null) {
                return v2;
            }
        }
        if (forced.isEmpty() || forced.equals("cgroup-v1")) {
            Limits v1 = CgroupV1.tryCreate(clusterId);
            if (v1 != null) {
                return v1;
            }
        }
        return new DutyCycle();
    }
}
