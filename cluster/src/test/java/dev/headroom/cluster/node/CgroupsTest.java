package dev.headroom.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to limits that need a kernel or a systemd set up for them, over folders laid out as those do it. */
class CgroupsTest {
    @TempDir private Path temporary = Path.of("");
    private Path root = Path.of("");
    private StateDirectory state;

    @BeforeEach
    void lay() throws IOException {
        root = Files.createDirectories(temporary.resolve("cgroup"));
        state = StateDirectory.create(temporary.resolve("state"));
    }

    @AfterEach
    void end() {
        state.close();
    }

    private static void file(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Path delegated() throws IOException {
        Path base = root.resolve("user.slice/user@1000.service/app.slice");
        file(root.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
        file(base.resolve("cgroup.subtree_control"), "cpu memory pids\n");
        file(base.resolve("cgroup.procs"), "");
        Files.createDirectories(base.resolve("shell.scope"));
        return base;
    }

    private @Nullable Limits v2() throws IOException {
        return CgroupV2.tryCreate(
                root, "/user.slice/user@1000.service/app.slice/shell.scope", state);
    }

    @Test
    void version2StandsBesideTheGroupOfThisProcess() throws IOException {
        Path base = delegated();
        Limits limits = Objects.requireNonNull(v2());
        Path parent = base.resolve("headroom-" + state.id());
        assertThat(limits.mechanism()).isEqualTo("cgroup-v2");
        assertThat(parent.resolve("cgroup.subtree_control")).hasContent("+cpu");
        assertThat(state.groups()).containsExactly(parent);

        Path path = parent.resolve("pod-app-0");
        file(path.resolve("memory.max"), "max");
        Limits.Group group = limits.create("pod-app-0", 0.25, 1L << 28);
        assertThat(group.joined()).containsExactly(path);
        assertThat(path.resolve("cpu.max")).hasContent("25000 100000");
        assertThat(path.resolve("memory.max")).hasContent("268435456");
        limits.create("pod-app-1", null, null);
        assertThat(parent.resolve("pod-app-1/cpu.max")).hasContent("max 100000");
    }

    @Test
    void version2TellsWhatTheKernelCounted() throws IOException {
        Path base = delegated();
        Limits.Group group = Objects.requireNonNull(v2()).create("pod", 0.5, null);
        Path path = base.resolve("headroom-" + state.id()).resolve("pod");
        file(
                path.resolve("cpu.stat"),
                "usage_usec 2500000\nuser_usec 1\nnr_periods 40\nnr_throttled 10\nthrottled_usec 300000\n");
        file(path.resolve("memory.current"), "5000000\n");
        file(path.resolve("memory.stat"), "anon 1\ninactive_file 1000000\n");
        file(path.resolve("memory.events"), "oom 1\noom_kill 1\n");
        Limits.Usage usage = group.usage();
        assertThat(usage).isEqualTo(new Limits.Usage(2.5, 40, 10, 0.3, 0, 4_000_000));
        assertThat(group.ranOutOfMemory()).isTrue();
    }

    @Test
    void version2IsNotHadWhereNothingIsDelegated() throws IOException {
        assertThat(v2()).as("no hierarchy").isNull();
        Path base = delegated();
        Files.delete(base.resolve("cgroup.procs"));
        assertThat(v2()).as("processes may not be moved").isNull();
        assertThat(Files.exists(base.resolve("headroom-" + state.id()))).isFalse();
    }

    @Test
    void version2UsesTheRootWhereThisProcessIsInIt() throws IOException {
        file(root.resolve("cgroup.controllers"), "cpu memory\n");
        file(root.resolve("cgroup.subtree_control"), "");
        file(root.resolve("cgroup.procs"), "1\n");
        assertThat(CgroupV2.tryCreate(root, "/", state)).isNotNull();
        assertThat(root.resolve("cgroup.subtree_control")).hasContent("+cpu");
        assertThat(state.groups()).containsExactly(root.resolve("headroom-" + state.id()));
    }

    @Test
    void version1WritesItsThreeControllers() throws IOException {
        for (String controller : List.of("cpu", "cpuacct", "memory")) {
            file(root.resolve(controller).resolve("cgroup.procs"), "");
        }
        Limits limits = Objects.requireNonNull(CgroupV1.tryCreate(root, state));
        Limits.Group group = limits.create("pod", 0.4, 1L << 20);
        String parent = "headroom-" + state.id();
        assertThat(root.resolve("cpu").resolve(parent).resolve("pod/cpu.cfs_quota_us"))
                .hasContent("40000");
        assertThat(root.resolve("memory").resolve(parent).resolve("pod/memory.limit_in_bytes"))
                .hasContent("1048576");
        Path cpu = group.joined().getFirst();
        file(cpu.resolve("cpu.stat"), "nr_periods 9\nnr_throttled 4\nthrottled_time 150000000\n");
        file(group.joined().get(1).resolve("cpuacct.usage"), "1230000000\n");
        assertThat(group.usage().throttledSeconds()).isCloseTo(0.15, within(1e-9));
        assertThat(group.usage().cpuSeconds()).isCloseTo(1.23, within(1e-9));
        assertThat(state.groups()).hasSize(3);
    }

    @Test
    void version1IsNotHadWithoutAllThree() throws IOException {
        file(root.resolve("cpu/cgroup.procs"), "");
        assertThat(CgroupV1.tryCreate(root, state)).isNull();
    }

    /** A stand-in that does what systemd-run does as far as can be seen: a scope's group with its quota, and the command. */
    private Map<String, String> systemd(String quota) throws IOException {
        Path programs = Files.createDirectories(temporary.resolve("bin"));
        Path program = programs.resolve("systemd-run");
        Files.writeString(
                program,
                """
                #!/bin/sh
                echo "$@" >>%s
                while [ "$1" != -- ]; do shift; done; shift
                own=%s$(sed -n s/^0:://p /proc/self/cgroup); mkdir -p "$own"; echo %s >"$own/cpu.max"
                exec "$@"
                """
                        .formatted(temporary.resolve("asked"), root, quota));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        file(root.resolve("cgroup.controllers"), "cpu memory\n");
        return Map.of("XDG_RUNTIME_DIR", "/run/user/7", "PATH", programs + ":/usr/bin:/bin");
    }

    @Test
    void systemdIsUsedWhereItsScopesLimitTheCpu() throws IOException {
        Map<String, String> environment = systemd("50000 100000");
        Limits limits =
                Objects.requireNonNull(
                        SystemdScope.tryCreate(root, environment, "c1"), "systemd is there");
        assertThat(temporary.resolve("asked"))
                .content()
                .contains("--user --scope", "--unit=headroom-c1-probe", "CPUQuota=50.00%");
        assertThat(limits.create("pod", 0.125, 1024L).launcher())
                .containsSubsequence(
                        "/usr/bin/env",
                        "XDG_RUNTIME_DIR=/run/user/7",
                        "systemd-run",
                        "--unit=headroom-c1-pod",
                        "--property=CPUQuota=12.50%",
                        "--property=MemoryMax=1024",
                        "--",
                        "/usr/bin/env",
                        "-u",
                        "XDG_RUNTIME_DIR");
    }

    /** A stand-in for busctl, which the real systemd is asked by. */
    private void busctl(String script) throws IOException {
        Path program = temporary.resolve("bin/busctl");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String beside(Limits.Group group) throws Exception {
        List<String> command = new ArrayList<>(group.besideLauncher());
        command.addAll(
                List.of("/bin/sh", "-c", "echo it runs as $$ without ${XDG_RUNTIME_DIR-it}"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATH", temporary.resolve("bin") + ":/usr/bin:/bin");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(out).isEqualTo("it runs as " + process.pid() + " without it\n");
        return Long.toString(process.pid());
    }

    @Test
    void systemdMovesAFurtherCommandIntoTheScope() throws Exception {
        Limits limits =
                Objects.requireNonNull(
                        SystemdScope.tryCreate(root, systemd("50000 100000"), "c1"), "systemd");
        Limits.Group group = limits.create("pod", 0.125, null);
        Path asked = temporary.resolve("asked");
        busctl("echo \"$@\" >>" + asked);
        String pid = beside(group);
        assertThat(asked)
                .content()
                .contains("AttachProcessesToUnit ssau headroom-c1-pod.scope  1 " + pid)
                .doesNotContain("--unit=headroom-c1-pod-");
        busctl("exit 1");
        beside(group);
        assertThat(asked).content().contains("--unit=headroom-c1-pod-2 --property=CPUQuota=12.50%");
    }

    @Test
    void systemdIsNotUsedWhereItCannotLimitOrIsNotThere() throws IOException {
        Map<String, String> environment = systemd("max 100000");
        assertThat(SystemdScope.tryCreate(root, environment, "c1")).isNull();
        assertThat(
                        SystemdScope.tryCreate(
                                root,
                                Map.of("XDG_RUNTIME_DIR", "/run/user/7", "PATH", "/nonexistent"),
                                "c1"))
                .isNull();
        assertThat(SystemdScope.tryCreate(root, Map.of("PATH", "/usr/bin"), "c1")).isNull();
    }

    @Test
    void aScopeTellsWhatTheKernelCountedAlsoWhenItIsGone() throws IOException {
        Path processes = temporary.resolve("proc");
        SystemdScope limits = new SystemdScope(root, processes, "c1", Map.of());
        Limits.Group group = limits.create("pod", 0.5, null);
        group.started(4_000_000);
        assertThat(group.usage().cpuSeconds()).as("systemd has not moved it yet").isZero();
        file(processes.resolve("4000000/cgroup"), "0::/app.slice/headroom-c1-pod.scope\n");
        Path path = root.resolve("app.slice/headroom-c1-pod.scope");
        file(path.resolve("cpu.stat"), "usage_usec 1500000\nnr_throttled 3\n");
        assertThat(group.usage().cpuSeconds()).isEqualTo(1.5);
        Files.delete(path.resolve("cpu.stat"));
        assertThat(group.usage().cpuSeconds()).isEqualTo(1.5);
        assertThat(group.usage().throttled()).isEqualTo(3);
    }

    @Test
    void aMechanismThatIsAskedForAndNotToBeHadIsSaid() {
        assertThatThrownBy(() -> Limits.find(state, Map.of("HEADROOM_CPU_LIMITS", "cgroup-v3")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("found cgroup-v3")
                .hasMessageContaining("cgroup-v2, systemd-scope, cgroup-v1, duty-cycle");
    }
}
