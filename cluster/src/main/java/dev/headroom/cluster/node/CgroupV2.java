package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Limits by control groups, version 2, where a subtree with the cpu controller is delegated to this user. */
final class CgroupV2 implements Limits {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int PERIOD_MICROS = 100_000;

    private final Path parent;

    private CgroupV2(Path parent) {
        this.parent = parent;
    }

    static @Nullable Limits tryCreate(String clusterId) {
        try {
            if (!Files.exists(ROOT.resolve("cgroup.controllers"))) {
                return null;
            }
            String own =
                    Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                            .filter(line -> line.startsWith("0::"))
                            .findFirst()
                            .orElse("0::/")
                            .substring(3);
            // A group with processes in it may have no children with controllers: ours stand beside
            // it.
            Path base = ROOT.resolve(own.substring(1)).getParent();
            if (base == null || !Files.isWritable(base)) {
                return null;
            }
            Path parent = Files.createDirectory(base.resolve("headroom-" + clusterId));
            try {
                Files.writeString(parent.resolve("cgroup.subtree_control"), "+cpu");
                if (Files.readString(parent.resolve("cgroup.controllers")).contains("memory")) {
                    Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory");
                }
                return new CgroupV2(parent);
            } catch (IOException noController) {
                Cgroups.remove(parent);
                return null;
            }
        } catch (IOException notPermitted) {
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
        Path path = Files.createDirectories(parent.resolve(name));
        String quota =
                cpus == null
                        ? "max"
                        : Long.toString(Math.max(1_000, Math.round(cpus * PERIOD_MICROS)));
        Files.writeString(path.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
        if (cpus == null && Files.exists(parent.resolve("cpu.weight"))) {
            // Nothing holds it back, so the pods give way: a full one must not starve the balancer
            // and the generator that measure it.
            Files.writeString(parent.resolve("cpu.weight"), "25");
        }
        if (memoryBytes != null && Files.exists(path.resolve("memory.max"))) {
            Files.writeString(path.resolve("memory.max"), Long.toString(memoryBytes));
        }
        return new V2Group(path);
    }

    @Override
    public void close() {
        try (var children = Files.newDirectoryStream(parent, Files::isDirectory)) {
            for (Path child : children) {
                Cgroups.killAll(child);
                Cgroups.remove(child);
            }
        } catch (IOException gone) {
            return;
        }
        Cgroups.remove(parent);
    }

    private record V2Group(Path path) implements Group {
        @Override
        public List<String> joined() {
            return List.of(path.resolve("cgroup.procs").toString());
        }

        @Override
        public void started(long pid) {}

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
