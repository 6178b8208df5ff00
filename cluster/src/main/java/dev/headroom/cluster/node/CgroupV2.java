package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Limits by control groups, version 2, where a subtree with the cpu controller is delegated to this user. */
final class CgroupV2 implements Limits {
    private static final int PERIOD_MICROS = 100_000;

    private final Path parent;

    private CgroupV2(Path parent) {
        this.parent = parent;
    }

    /**
     * Null where it cannot be had here. A group with processes in it may have no children with controllers, so ours stand beside this
     * process' own; but the root of all, which may have both.
     *
     * @param root where the hierarchy is mounted
     * @param own this process' group, as {@code /proc/self/cgroup} has it
     */
    static @Nullable Limits tryCreate(Path root, String own, StateDirectory state)
            throws IOException {
        if (!Files.exists(root.resolve("cgroup.controllers"))) {
            return null;
        }
        Path group = root.resolve(own.replaceFirst("^/+", "")).normalize();
        Path base = group.equals(root) ? root : Objects.requireNonNull(group.getParent());
        // To move a process, one must be allowed to write to the group above both its places.
        if (!Files.isWritable(base) || !Files.isWritable(base.resolve("cgroup.procs"))) {
            return null;
        }
        Path parent = base.resolve("headroom-" + state.id());
        state.noteGroup(parent);
        CgroupV2 limits = new CgroupV2(parent);
        try {
            enable(base, "cpu");
            Files.createDirectory(parent);
            Files.writeString(parent.resolve("cgroup.subtree_control"), "+cpu");
            if (Files.exists(parent.resolve("cpu.weight"))) {
                Files.writeString(parent.resolve("cpu.weight"), PodWeight.WEIGHT);
            }
            if (words(parent.resolve("cgroup.controllers")).contains("memory")) {
                Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory");
            }
            return limits;
        } catch (IOException notPermitted) {
            limits.close();
            return null;
        }
    }

    private static void enable(Path group, String controller) throws IOException {
        Path enabled = group.resolve("cgroup.subtree_control");
        if (!words(enabled).contains(controller)) {
            Files.writeString(enabled, "+" + controller);
        }
    }

    private static List<String> words(Path file) throws IOException {
        return Files.exists(file)
                ? List.of(Files.readString(file).strip().split("\\s+"))
                : List.of();
    }

    /** This process' group, or null where the system has no hierarchy of this version. */
    static @Nullable String own(Path selfCgroup) {
        try {
            return Files.readAllLines(selfCgroup).stream()
                    .filter(line -> line.startsWith("0::"))
                    .map(line -> line.substring(3))
                    .findFirst()
                    .orElse(null);
        } catch (IOException noProc) {
            return null;
        }
    }

    @Override
    public String mechanism() {
        return "cgroup-v2";
    }

    @Override
    public Group create(String name, @Nullable Double cpus, @Nullable Long memoryBytes)
            throws IOException {
        Path path = Cgroups.make(parent.resolve(name));
        String quota =
                cpus == null
                        ? "max"
                        : Long.toString(Math.max(1_000, Math.round(cpus * PERIOD_MICROS)));
        Files.writeString(path.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
        if (memoryBytes != null && Files.exists(path.resolve("memory.max"))) {
            Files.writeString(path.resolve("memory.max"), Long.toString(memoryBytes));
        }
        return new V2Group(path);
    }

    @Override
    public void close() {
        Cgroups.removeWithAllIn(parent);
    }

    /** A group as the kernel keeps it, whoever made it. */
    record V2Group(Path path) implements Group {
        @Override
        public List<Path> joined() {
            return List.of(path);
        }

        @Override
        public Usage usage() {
            Map<String, Long> stat = Cgroups.keyed(path.resolve("cpu.stat"));
            double throttled = stat.getOrDefault("throttled_usec", 0L) / 1e6;
            double waited = 0;
            for (long pid : Cgroups.processes(path)) {
                waited += Proc.times(pid).waiting();
            }
            long memory =
                    Cgroups.number(path.resolve("memory.current"))
                            - Cgroups.keyed(path.resolve("memory.stat"))
                                    .getOrDefault("inactive_file", 0L);
            return new Usage(
                    stat.getOrDefault("usage_usec", 0L) / 1e6,
                    stat.getOrDefault("nr_periods", 0L),
                    stat.getOrDefault("nr_throttled", 0L),
                    throttled,
                    Math.max(0, waited - throttled),
                    Math.max(0, memory));
        }

        @Override
        public void kill() {
            Cgroups.killAll(path);
        }

        @Override
        public boolean ranOutOfMemory() {
            return Cgroups.keyed(path.resolve("memory.events")).getOrDefault("oom_kill", 0L) > 0;
        }

        @Override
        public void close() {
            kill();
            Cgroups.remove(path);
        }
    }
}
