package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Limits by control groups, version 1, as root: the kernel's own, counted by the kernel. */
final class CgroupV1 implements Limits {
    private static final List<String> CONTROLLERS = List.of("cpu", "cpuacct", "memory");
    private static final int PERIOD_MICROS = 100_000;
    private static final String NONE = "-1";

    private final List<Path> parents;

    private CgroupV1(List<Path> parents) {
        this.parents = parents;
    }

    /**
     * Null where it cannot be had here.
     *
     * @param root where the controllers are mounted, each in a folder of its name
     */
    static @Nullable Limits tryCreate(Path root, StateDirectory state) throws IOException {
        List<Path> parents = new ArrayList<>();
        for (String controller : CONTROLLERS) {
            Path path = root.resolve(controller);
            if (!Files.isWritable(path) || !Files.exists(path.resolve("cgroup.procs"))) {
                return null;
            }
            parents.add(path.resolve("headroom-" + state.id()));
        }
        for (Path parent : parents) {
            state.noteGroup(parent);
        }
        CgroupV1 limits = new CgroupV1(parents);
        try {
            for (Path parent : parents) {
                Files.createDirectory(parent);
            }
            // A quota that cannot be written is no limit: some containers show the files and refuse
            // the write.
            Files.writeString(parents.getFirst().resolve("cpu.cfs_quota_us"), "50000");
            Files.writeString(parents.getFirst().resolve("cpu.cfs_quota_us"), NONE);
            Files.writeString(parents.getFirst().resolve("cpu.shares"), PodWeight.SHARES);
            return limits;
        } catch (IOException notPermitted) {
            limits.close();
            return null;
        }
    }

    @Override
    public String mechanism() {
        return "cgroup-v1";
    }

    @Override
    public Group create(String name, @Nullable Double cpus, @Nullable Long memoryBytes)
            throws IOException {
        List<Path> paths = new ArrayList<>();
        for (Path parent : parents) {
            paths.add(Cgroups.make(parent.resolve(name)));
        }
        Path cpu = paths.getFirst();
        Files.writeString(cpu.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
        String quota =
                cpus == null
                        ? NONE
                        : Long.toString(Math.max(1_000, Math.round(cpus * PERIOD_MICROS)));
        Files.writeString(cpu.resolve("cpu.cfs_quota_us"), quota);
        if (memoryBytes != null) {
            Files.writeString(
                    paths.getLast().resolve("memory.limit_in_bytes"), Long.toString(memoryBytes));
        }
        return new V1Group(paths.get(0), paths.get(1), paths.get(2));
    }

    @Override
    public void close() {
        parents.forEach(Cgroups::removeWithAllIn);
    }

    private record V1Group(Path cpu, Path accounting, Path memory) implements Group {
        @Override
        public List<Path> joined() {
            return List.of(cpu, accounting, memory);
        }

        @Override
        public Usage usage() {
            var stat = Cgroups.keyed(cpu.resolve("cpu.stat"));
            double used = Cgroups.number(accounting.resolve("cpuacct.usage")) / 1e9;
            double throttledSeconds = stat.getOrDefault("throttled_time", 0L) / 1e9;
            double waited = 0;
            for (long pid : Cgroups.processes(accounting)) {
                waited += Proc.times(pid).waiting();
            }
            // The kernel counts a thread that is throttled as one that waits.
            double waiting = Math.max(0, waited - throttledSeconds);
            long resident =
                    Cgroups.number(memory.resolve("memory.usage_in_bytes"))
                            - Cgroups.keyed(memory.resolve("memory.stat"))
                                    .getOrDefault("total_inactive_file", 0L);
            return new Usage(
                    used,
                    stat.getOrDefault("nr_periods", 0L),
                    stat.getOrDefault("nr_throttled", 0L),
                    throttledSeconds,
                    waiting,
                    Math.max(0, resident));
        }

        @Override
        public void kill() {
            Cgroups.killAll(accounting);
        }

        @Override
        public boolean ranOutOfMemory() {
            return Cgroups.keyed(memory.resolve("memory.oom_control")).getOrDefault("oom_kill", 0L)
                    > 0;
        }

        @Override
        public void close() {
            kill();
            Cgroups.remove(cpu);
            Cgroups.remove(accounting);
            Cgroups.remove(memory);
        }
    }
}
