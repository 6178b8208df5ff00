package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Limits by a user's own systemd, each container in a scope of its own: a process that was started from a terminal stands outside of the
 * subtree that is delegated to its user, and only systemd may move it there. The kernel counts as for {@link CgroupV2}.
 */
final class SystemdScope implements Limits {
    private static final String PROGRAM = "systemd-run";
    private static final List<String> BUS = List.of("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS");
    private static final int PATIENCE_SECONDS = 5;

    /**
     * As seen by the shell, with a scope's name and a command that makes another one: moves the shell into the scope and becomes what comes
     * after the other's {@code --}.
     */
    private static final String ATTACH =
            """
            if busctl --user --quiet call org.freedesktop.systemd1 /org/freedesktop/systemd1 \
              org.freedesktop.systemd1.Manager AttachProcessesToUnit ssau "$0" "" 1 $$ 2>/dev/null; then
              while [ "$1" != -- ]; do shift; done
              shift
            fi
            exec "$@"
            """;

    private final Path root;
    private final Path processes;
    private final String clusterId;
    private final Map<String, String> bus = new LinkedHashMap<>();
    private final List<ScopeGroup> groups = new CopyOnWriteArrayList<>();

    SystemdScope(Path root, Path processes, String clusterId, Map<String, String> environment) {
        this.root = root;
        this.processes = processes;
        this.clusterId = clusterId;
        for (String name : BUS) {
            if (!environment.getOrDefault(name, "").isEmpty()) {
                bus.put(name, environment.get(name));
            }
        }
    }

    /** Null where there is no such systemd, or where its scopes do not limit the CPU. */
    static @Nullable Limits tryCreate(Path root, Map<String, String> environment, String clusterId)
            throws IOException {
        if (!Files.exists(root.resolve("cgroup.controllers"))
                || environment.getOrDefault("XDG_RUNTIME_DIR", "").isEmpty()) {
            return null;
        }
        SystemdScope limits = new SystemdScope(root, Path.of("/proc"), clusterId, environment);
        ScopeGroup probe = limits.create("probe", 0.5, null);
        List<String> command = new ArrayList<>(probe.launcher());
        command.addAll(
                List.of(
                        "/bin/sh",
                        "-c",
                        "cat \"$0$(sed -n 's/^0:://p' /proc/self/cgroup)/cpu.max\"",
                        root.toString()));
        return run(command, environment).equals("50000 100000") ? limits : null;
    }

    /** What a command prints; nothing where it fails or takes too long. */
    private static String run(List<String> command, Map<String, String> environment) {
        Path out = null;
        try {
            out = Files.createTempFile("headroom", ".probe");
            ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile());
            builder.redirectError(Path.of("/dev/null").toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return ended && process.exitValue() == 0 ? Files.readString(out).strip() : "";
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException notThere) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } finally {
            delete(out);
        }
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public String mechanism() {
        return "systemd-scope";
    }

    @Override
    public ScopeGroup create(String name, @Nullable Double cpus, @Nullable Long memoryBytes) {
        ScopeGroup group = new ScopeGroup("headroom-" + clusterId + "-" + name, cpus, memoryBytes);
        groups.add(group);
        return group;
    }

    /** A scope ends with its last process. */
    @Override
    public void close() {
        groups.forEach(ScopeGroup::close);
    }

    final class ScopeGroup implements Group {
        private final String unit;
        private final @Nullable Double cpus;
        private final @Nullable Long memoryBytes;
        private CgroupV2.@Nullable V2Group kernel;
        private final AtomicInteger further = new AtomicInteger();
        private long first;
        private Usage last = new Usage(0, 0, 0, 0, 0, 0);

        ScopeGroup(String unit, @Nullable Double cpus, @Nullable Long memoryBytes) {
            this.unit = unit;
            this.cpus = cpus;
            this.memoryBytes = memoryBytes;
        }

        @Override
        public List<String> launcher() {
            List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
            bus.forEach((name, value) -> command.add(name + "=" + value));
            command.addAll(scope(unit));
            return command;
        }

        private List<String> scope(String named) {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    PROGRAM,
                                    "--user",
                                    "--scope",
                                    "--quiet",
                                    "--collect",
                                    // Else no further process may be moved into it.
                                    "--property=Delegate=yes",
                                    "--unit=" + named));
            if (cpus != null) {
                // Per cent, of which systemd takes hundredths; its period is the kernel's 100 ms.
                command.add(
                        "--property=CPUQuota="
                                + String.format(Locale.ROOT, "%.2f", Math.max(1, cpus * 100))
                                + "%");
            }
            if (memoryBytes != null) {
                command.add("--property=MemoryMax=" + memoryBytes);
            }
            // The way to systemd is none of the container's business.
            command.addAll(List.of("--", "/usr/bin/env"));
            bus.keySet().forEach(name -> command.addAll(List.of("-u", name)));
            return command;
        }

        /** Into the same scope, by systemd, which alone may move it there; else, as where its version does not know how, into one of the same limits. */
        @Override
        public List<String> besideLauncher() {
            List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
            bus.forEach((name, value) -> command.add(name + "=" + value));
            command.addAll(List.of("/bin/sh", "-c", ATTACH, unit + ".scope"));
            command.addAll(scope(unit + "-" + further.incrementAndGet()));
            return command;
        }

        @Override
        public synchronized void started(long pid) {
            first = first == 0 ? pid : first;
        }

        /** Known once systemd has moved the process, which is when it has become the container's. */
        private synchronized CgroupV2.@Nullable V2Group kernel() {
            if (kernel == null && first > 0) {
                String own = CgroupV2.own(processes.resolve(first + "/cgroup"));
                if (own != null && own.endsWith("/" + unit + ".scope")) {
                    kernel = new CgroupV2.V2Group(root.resolve(own.substring(1)));
                }
            }
            return kernel;
        }

        /** A scope is gone with its last process: what was seen last is what remains. */
        @Override
        public synchronized Usage usage() {
            CgroupV2.V2Group group = kernel();
            Usage now = group == null ? last : group.usage();
            last = now.cpuSeconds() < last.cpuSeconds() ? last : now;
            return last;
        }

        @Override
        public void kill() {
            CgroupV2.V2Group group = kernel();
            if (group != null) {
                group.kill();
            }
        }

        @Override
        public boolean ranOutOfMemory() {
            CgroupV2.V2Group group = kernel();
            return group != null && group.ranOutOfMemory();
        }

        @Override
        public void close() {
            kill();
            groups.remove(this);
        }
    }
}
