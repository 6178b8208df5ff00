package dev.headroom.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The duty cycle on real processes; what they used is asked of the kernel, by another way than the duty cycle's own. */
class DutyCycleTest {
    private static final double TICK = 0.01;

    @TempDir private Path folder = Path.of("");
    private final DutyCycle limits = new DutyCycle();
    private final List<ContainerProcess> started = new ArrayList<>();

    @BeforeEach
    void needsLinux() {
        assumeTrue(Files.exists(Path.of("/proc/self/schedstat")), "no /proc/PID/schedstat");
    }

    @AfterEach
    void end() {
        limits.close();
        started.forEach(process -> process.onExit().join());
    }

    private ContainerProcess start(
            String name, @Nullable Double cpus, @Nullable Long memory, String... command)
            throws IOException {
        Files.writeString(folder.resolve("lock"), "");
        ContainerProcess process =
                ContainerProcess.start(
                        folder,
                        new Launch(
                                List.of(command),
                                folder,
                                Map.of("PATH", "/usr/bin:/bin"),
                                List.of(),
                                null),
                        MountSpace.NONE,
                        limits.create(name, cpus, memory),
                        new LogFile(folder.resolve(name + ".log"), InstantSource.system()),
                        Instant.now());
        started.add(process);
        return process;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.yield();
        }
    }

    private static void awaitPeriods(ContainerProcess process, long periods) throws Exception {
        while (process.group().usage().periods() < periods) {
            Thread.sleep(20);
        }
    }

    /** As the kernel has it in {@code /proc/PID/stat}, of a process and the children it waited for. */
    private static double kernelSeconds(long pid) throws IOException {
        String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        double ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * TICK;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.3})
    void holdsABusyLoopToItsLimit(double cpus) throws Exception {
        ContainerProcess process = start("loop", cpus, null, "sh", "-c", "while :; do :; done");
        awaitPeriods(process, 5);
        double before = kernelSeconds(process.pid());
        Limits.Usage first = process.group().usage();
        long begun = System.nanoTime();
        awaitPeriods(process, 25);
        Limits.Usage last = process.group().usage();
        double elapsed = (System.nanoTime() - begun) / 1e9;
        double used = kernelSeconds(process.pid()) - before;
        assertThat(used).isLessThan(elapsed * cpus * 1.05 + 0.1 * cpus + 2 * TICK);
        assertThat(last.cpuSeconds() - first.cpuSeconds()).isCloseTo(used, within(2 * TICK));
        // It always wants to run: what it did not use it was kept from, by us or by others.
        double kept =
                last.throttledSeconds()
                        - first.throttledSeconds()
                        + last.waitSeconds()
                        - first.waitSeconds();
        assertThat(used + kept).isCloseTo(elapsed, within(elapsed * 0.1));
        assertThat(last.throttled() - first.throttled()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void holdsAllProcessesOfAContainerTogether() throws Exception {
        String busy = "while :; do :; done";
        ContainerProcess process =
                start(
                        "many",
                        0.2,
                        null,
                        "sh",
                        "-c",
                        "(%1$s) & setsid sh -c '%1$s' & %1$s".formatted(busy));
        awaitPeriods(process, 5);
        double before = process.group().usage().cpuSeconds();
        long begun = System.nanoTime();
        awaitPeriods(process, 25);
        double elapsed = (System.nanoTime() - begun) / 1e9;
        assertThat(process.group().usage().cpuSeconds() - before)
                .isLessThan(elapsed * 0.2 * 1.05 + 0.02);
    }

    /** What {@code kubectl exec} and probes start. */
    @Test
    void holdsFurtherCommandsToTheSameLimit() throws Exception {
        ContainerProcess process = start("beside", 0.2, null, "sh", "-c", "while :; do :; done");
        List<Process> further = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            further.add(process.start(process.beside(List.of("sh", "-c", "while :; do :; done"))));
        }
        awaitPeriods(process, 5);
        double before = process.group().usage().cpuSeconds();
        double kernelBefore = kernelSeconds(process, further);
        long begun = System.nanoTime();
        awaitPeriods(process, 25);
        double used = kernelSeconds(process, further) - kernelBefore;
        double elapsed = (System.nanoTime() - begun) / 1e9;
        assertThat(used).isLessThan(elapsed * 0.2 * 1.05 + 0.1 * 0.2 + 4 * TICK);
        assertThat(process.group().usage().cpuSeconds() - before).isCloseTo(used, within(0.05));
        process.group().kill();
        for (Process command : further) {
            assertThat(command.waitFor()).isEqualTo(128 + 9);
        }
        assertThat(process.group().usage().cpuSeconds()).isGreaterThanOrEqualTo(before);
    }

    private static double kernelSeconds(ContainerProcess program, List<Process> further)
            throws IOException {
        double sum = kernelSeconds(program.pid());
        for (Process command : further) {
            sum += kernelSeconds(command.pid());
        }
        return sum;
    }

    @Test
    void countsProcessesThatLiveForAMoment() throws Exception {
        ContainerProcess process =
                start("short", 0.2, null, "sh", "-c", "while :; do /bin/true; done");
        awaitPeriods(process, 25);
        assertThat(process.group().usage().cpuSeconds())
                .isCloseTo(kernelSeconds(process.pid()), within(0.1));
    }

    @Test
    void whatStandsStillCanBeAskedToEnd() throws Exception {
        ContainerProcess process = start("stopped", 0.01, null, "sh", "-c", "while :; do :; done");
        await(() -> process.group().usage().throttled() > 0);
        process.terminate();
        assertThat(process.onExit().join().exitValue()).isEqualTo(128 + 15);
    }

    @Test
    void endsWhatHasLeftItsParentAndItsSession() throws Exception {
        Path pid = folder.resolve("pid");
        ContainerProcess process =
                start(
                        "left",
                        null,
                        null,
                        "sh",
                        "-c",
                        "(setsid sleep 3600 & echo $! >%s.new; mv %s.new %s)"
                                .formatted(pid, pid, pid));
        process.onExit().join();
        long left = Long.parseLong(Files.readString(pid).strip());
        assertThat(ProcessHandle.of(left)).isPresent();
        process.group().close();
        await(() -> ProcessHandle.of(left).isEmpty());
    }

    @Test
    void killsWhatTakesMoreMemoryThanItMay() throws Exception {
        ContainerProcess process =
                start("big", null, 20L << 20, "sh", "-c", "a=0123456789; while :; do a=$a$a; done");
        assertThat(process.onExit().join().exitValue()).isEqualTo(128 + 9);
        assertThat(process.group().ranOutOfMemory()).isTrue();
    }
}
