package dev.headroom.lab.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.headroom.lab.observe.Observation.HostSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProbeTest {
    @TempDir Path proc = Path.of("");

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(proc.resolve("self/status"), "Name:\tjava\nCpus_allowed_list:\t0-1\n");
        Files.writeString(proc.resolve("self/stat"), "7 (a b) S 1 1 1 0 -1 0 0 0 0 0 150 50 0 0");
    }

    /** Ticks of 10 ms: user nice system idle iowait irq softirq steal guest guest_nice, of a third CPU too, which may not be used. */
    private void stat(String first, String second) throws IOException {
        Files.writeString(
                proc.resolve("stat"),
                "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 %s\ncpu1 %s\ncpu2 1 1 1 1 1 1 1 1 1 1\nintr 5\n"
                        .formatted(first, second));
    }

    private HostProbe probe() {
        return Objects.requireNonNull(HostProbe.open(proc));
    }

    @Test
    void addsUpTheCpusThatMayBeUsed() throws IOException {
        stat("100 0 50 800 20 10 20 0 5 0", "200 0 100 600 0 0 0 100 0 0");
        HostSample sample = probe().sample();
        assertThat(sample.busySeconds()).isCloseTo(4.8, within(1e-9));
        assertThat(sample.stealSeconds()).isCloseTo(1, within(1e-9));
        assertThat(sample.labSeconds()).isCloseTo(2, within(1e-9));
        assertThat(sample.clockSeconds()).isCloseTo(10, within(1e-9));
    }

    /** However late it is asked: over the CPUs' own account both are full, and no more than full. */
    @Test
    void neverMoreIsUsedThanThereIs() throws IOException {
        stat("100 0 0 900 0 0 0 0 0 0", "100 0 0 900 0 0 0 0 0 0");
        HostSample before = probe().sample();
        stat("290 0 0 900 0 0 0 0 0 0", "290 0 0 900 0 0 0 0 0 0");
        HostSample after = probe().sample();
        double seconds =
                Objects.requireNonNull(after.clockSeconds())
                        - Objects.requireNonNull(before.clockSeconds());
        assertThat(seconds).isCloseTo(1.9, within(1e-9));
        assertThat((after.busySeconds() - before.busySeconds()) / seconds)
                .isCloseTo(2, within(1e-9));
    }

    @Test
    void aHostThatDoesNotCountItsIdleTimeHasNoClock() throws IOException {
        stat("100 0 50 0 0 0 0 0 0 0", "100 0 50 0 0 0 0 0 0 0");
        assertThat(probe().sample().clockSeconds()).isNull();
    }
}
