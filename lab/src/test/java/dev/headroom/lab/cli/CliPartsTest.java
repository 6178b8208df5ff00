package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CliPartsTest {
    private static final Path SOCKETS = Path.of("/proc/net/tcp");

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
    void aControllerThatIsNotThereCannotBeLeftOut() {
        InProcess.Ended ended = InProcess.run("cluster", "--controllers", "*,-cronjob");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.printed())
                .startsWith("--controllers: \"cronjob\" is not in the list of known controllers: ");
    }

    @Test
    void aClusterHasANodeAtLeastAndEachSomethingToGive() {
        InProcess.Ended none = InProcess.run("cluster", "--nodes", "0");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.printed()).startsWith("--nodes: found 0; it takes 1 to 1000");
        assertThat(InProcess.run("cluster", "--node-cpu", "-1").printed())
                .startsWith("--node-cpu: found -1.0; it takes 0.001 or more");
        assertThat(InProcess.run("cluster", "--node-memory", "0").printed())
                .startsWith("--node-memory: found 0; it takes 1 or more, in MiB");
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
                            .isLessThanOrEqualTo(Math.max(pods * 0.5 * 0.05, (cpus - busy) / 5));
                }
            }
        }
    }

    @Test
    void theScaleFallsWithWhatIsTakenAndWithWhatIsWanted() {
        assertThat(scale(2, 0, 3, 0.5)).isEqualTo(0.15);
        assertThat(scale(2, 0.5, 3, 0.5)).isLessThan(scale(2, 0, 3, 0.5));
        assertThat(scale(2, 0, 6, 0.5)).isLessThan(scale(2, 0, 3, 0.5));
        assertThat(scale(32, 0, 3, 0.5)).isEqualTo(1);
        assertThat(scale(2, 2, 3, 0.5)).isEqualTo(0.05);
        assertThat(scale(2, 0, 3, 0)).isEqualTo(1);
        var heavier = new CpuScale.Wanted(3, 0.5, CpuScale.COST);
        assertThat(CpuScale.of(new CpuScale.Host(2, 0, HostShare.Others.NONE), heavier).scale())
                .as("where pods cost more than what goes with them")
                .isGreaterThan(2 * scale(2, 0, 3, 0.5));
    }

    private static double scale(double cpus, double busy, int pods, double limit) {
        return scale(new CpuScale.Host(cpus, busy, HostShare.Others.NONE), pods, limit);
    }

    private static double scale(CpuScale.Host host, int pods, double limit) {
        return CpuScale.of(host, new CpuScale.Wanted(pods, limit, CpuScale.COST_OF_SMALL_REQUESTS))
                .scale();
    }

    @Test
    void aHostThatOthersKeepFullIsNotMeasuredOn() {
        var three = new CpuScale.Wanted(3, 0.5, CpuScale.COST_OF_SMALL_REQUESTS);
        assertThat(CpuScale.fits(host(0), three)).isTrue();
        assertThat(CpuScale.fits(host(0.5), three)).as("a quarter of it busy").isTrue();
        assertThat(CpuScale.fits(host(1.97), three)).isFalse();
        var twenty = new CpuScale.Wanted(20, 1, CpuScale.COST_OF_SMALL_REQUESTS);
        assertThat(CpuScale.fits(host(0), twenty)).as("large, but nobody else's fault").isTrue();
        assertThat(CpuScale.why(host(1.97), three)).contains("0.03 of 2.00 host CPUs free");
    }

    private static CpuScale.Host host(double busy) {
        return new CpuScale.Host(2, busy, HostShare.Others.NONE);
    }

    @Test
    void runsThatBeginTogetherShareTheHost() {
        var alone = new CpuScale.Host(2, 0, HostShare.Others.NONE);
        var together = new CpuScale.Host(2, 0, new HostShare.Others(0, 1));
        assertThat(scale(together, 3, 0.5)).isLessThanOrEqualTo(scale(alone, 3, 0.5) / 2);
        var wanted = new CpuScale.Wanted(3, 0.5, CpuScale.COST_OF_SMALL_REQUESTS);
        double taken = CpuScale.of(alone, wanted).reservation(wanted);
        assertThat(taken).as("what one run reserves").isBetween(0.8, 1.2);
        var later = new CpuScale.Host(2, 0, new HostShare.Others(taken, 0));
        var second = CpuScale.of(later, wanted);
        assertThat(taken + second.reservation(wanted)).as("both together").isLessThanOrEqualTo(2);
    }

    @Test
    void aRunIsSeenByOthersUntilItIsOver() throws IOException {
        assumeThat(SOCKETS).as("Linux' list of sockets").exists();
        int own;
        try (HostShare share = HostShare.join()) {
            own = share.index();
            assertThat(seen(own)).isEqualTo(new HostShare.Others(0, 1));
            share.reserve(1.23);
            assertThat(seen(own).undecided()).isZero();
            assertThat(seen(own).reserved()).isCloseTo(1.25, within(1e-9));
            assertThat(HostShare.others(linesOf(own), own)).isEqualTo(HostShare.Others.NONE);
        }
        assertThat(seen(own)).isEqualTo(HostShare.Others.NONE);
    }

    private static HostShare.Others seen(int index) throws IOException {
        return HostShare.others(linesOf(index), 0);
    }

    /** Of that run only: others may begin and end on this host at any time. */
    private static List<String> linesOf(int index) throws IOException {
        String address = String.format(" %02XFE007F:", index);
        try (Stream<String> lines = Files.lines(SOCKETS)) {
            return lines.filter(line -> line.contains(address)).toList();
        }
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
