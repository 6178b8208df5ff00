package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CliPartsTest {
    @Test
    void severalExperimentsEndWithTheWorst() {
        assertThat(ExitCode.worst(List.of())).isEqualTo(ExitCode.MET);
        assertThat(ExitCode.worst(List.of(ExitCode.MET, ExitCode.EXPECTATION_FAILED)).code())
                .isEqualTo(99);
        assertThat(ExitCode.worst(List.of(ExitCode.REFUSED, ExitCode.EXPECTATION_FAILED)).code())
                .isEqualTo(3);
        assertThat(ExitCode.worst(List.of(ExitCode.REFUSED, ExitCode.USAGE)).code()).isEqualTo(2);
        assertThat(
                        ExitCode.worst(
                                        List.of(
                                                ExitCode.INFRASTRUCTURE,
                                                ExitCode.USAGE,
                                                ExitCode.MET))
                                .code())
                .isEqualTo(4);
    }

    @Test
    void theScaleLetsEverythingFitSideBySide() {
        for (double cpus = 1; cpus <= 64; cpus *= 2) {
            for (double busy = 0; busy <= cpus; busy += cpus / 8) {
                for (int pods = 1; pods <= 10; pods += 3) {
                    double scale = scale(cpus, busy, pods, 0.5);
                    assertThat(scale).isBetween(0.05, 1.0);
                    assertThat(pods * 0.5 * scale)
                            .as("pods at their limits, in host CPUs")
                            .isLessThanOrEqualTo(Math.max(pods * 0.5 * 0.05, (cpus - busy) / 2));
                }
            }
        }
    }

    @Test
    void theScaleFallsWithWhatIsTakenAndWithWhatIsWanted() {
        assertThat(scale(2, 0, 3, 0.5)).isEqualTo(0.45);
        assertThat(scale(2, 0.5, 3, 0.5)).isLessThan(scale(2, 0, 3, 0.5));
        assertThat(scale(2, 0, 6, 0.5)).isLessThan(scale(2, 0, 3, 0.5));
        assertThat(scale(32, 0, 3, 0.5)).isEqualTo(1);
        assertThat(scale(2, 2, 3, 0.5)).isEqualTo(0.05);
        assertThat(scale(2, 0, 3, 0)).isEqualTo(1);
    }

    private static double scale(double cpus, double busy, int pods, double limit) {
        return CpuScale.of(new CpuScale.Host(cpus, busy), new CpuScale.Wanted(pods, limit)).scale();
    }

    @Test
    void aWishToStopInterruptsOnlyWhatWaits() throws InterruptedException {
        Stop stop = new Stop();
        stop.waits();
        stop.ask("because");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        stop.finishes();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(stop.asked()).isTrue();
        assertThat(stop.cancellation().reason()).isEqualTo("because");
    }
}
