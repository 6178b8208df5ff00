package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A way to hold containers to their CPU limit and to tell what they used. All figures here are in host CPUs. */
interface Limits extends AutoCloseable {
    List<String> MECHANISMS = List.of("cgroup-v2", "systemd-scope", "cgroup-v1", "duty-cycle");

    /** As the report names it. */
    String mechanism();

    /**
     * Makes a place for a container's processes.
     *
     * @param cpus null for no limit
     * @param memoryBytes null for no limit
     */
    Group create(String name, @Nullable Double cpus, @Nullable Long memoryBytes) throws IOException;

    @Override
    void close();

    /** A container's processes, from before it starts until after the last has ended. */
    interface Group extends AutoCloseable {
        /** Control groups that the container joins before it becomes the user's program. */
        default List<Path> joined() {
            return List.of();
        }

        /** What comes before the container's command. */
        default List<String> launcher() {
            return List.of();
        }

        /** Variables that the container's processes carry besides their own. */
        default Map<String, String> environment() {
            return Map.of();
        }

        /** What comes before a further command in the container, of those that do not join control groups. */
        default List<String> besideLauncher() {
            return List.of();
        }

        /** A process is there that none of the container's has forked: its first, or a further command's. */
        default void started(long pid) {}

        /** A further command's process is there no more. */
        default void ended(long pid) {}

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

    /** The first mechanism that works here, or the one that {@code HEADROOM_CPU_LIMITS} names. */
    static Limits find(StateDirectory state, Map<String, String> environment) throws IOException {
        String forced = environment.getOrDefault("HEADROOM_CPU_LIMITS", "");
        Path root = Path.of("/sys/fs/cgroup");
        for (String mechanism : forced.isEmpty() ? MECHANISMS : List.of(forced)) {
            Limits found =
                    switch (mechanism) {
                        case "cgroup-v2" -> {
                            String own = CgroupV2.own(Path.of("/proc/self/cgroup"));
                            yield own == null ? null : CgroupV2.tryCreate(root, own, state);
                        }
                        case "systemd-scope" ->
                                SystemdScope.tryCreate(root, environment, state.id());
                        case "cgroup-v1" -> CgroupV1.tryCreate(root, state);
                        case "duty-cycle" -> new DutyCycle();
                        default -> null;
                    };
            if (found != null) {
                return found;
            }
        }
        throw new IOException(
                "HEADROOM_CPU_LIMITS: found "
                        + forced
                        + ", which is not to be had here; the ways to hold a pod to its CPU limit are "
                        + String.join(", ", MECHANISMS));
    }
}
