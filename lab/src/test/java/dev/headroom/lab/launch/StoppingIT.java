package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person who wants to stop: in every stage the program ends at once with exit code 3, and nothing of it is left. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class StoppingIT {
    @TempDir private Path folder;
    private Program program;
    private SmallService service;

    @BeforeEach
    void write() throws IOException {
        Tools.assumeLinux();
        // What a shell runs in the background hears no SIGINT, and neither does what that starts.
        program = new Program(folder).through("env", "--default-signal=INT,TERM");
        service = SmallService.in(program.workingDirectory());
    }

    @AfterEach
    void endAll() {
        if (program != null) {
            program.endAll();
        }
    }

    /** While the cluster starts, while a pod that never becomes ready is waited for, and while the baseline is. */
    @ParameterizedTest
    @CsvSource({"INT, run directory", "INT, applied ", "TERM, not ready yet"})
    void beforeTheLoad(String signal, String stage) throws Exception {
        if (stage.startsWith("not ready")) {
            service.change(service.deployment(), "path: /,", "path: /none,");
        }
        Program.Run run = program.start(SmallService.run(service.experiment("60s")));
        run.awaitPrinted(stage);
        run.signal(signal);

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed())
                .contains("stopping (SIG" + signal + "); once more to stop at once …")
                .contains("small: stopped before the load began: there is nothing to judge");
        assertThat(run.runDirectory().resolve("3-load.json")).doesNotExist();
        program.assertNothingIsLeft();
    }

    @Test
    void whileTheBaselineIsAwaited() throws Exception {
        Program.Run run =
                program.start(
                        "run",
                        "--cpu-scale",
                        "0.5",
                        "--sync-period",
                        "60s",
                        service.experiment("60s"));
        run.awaitPrinted("waiting for the baseline");
        run.signal("TERM");

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed()).contains("stopped before the load began");
        program.assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void underLoadWhatWasMeasuredIsJudged(String signal) throws Exception {
        Tools.assumeWrk();
        Program.Run run = program.start(SmallService.run(service.experiment("60s")));
        run.awaitLoad();
        run.signal(signal);

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        // On a machine that is full the measurement itself is refused; the exit code is the same.
        assertThat(run.printed()).containsPattern("small: (inconclusive|invalid)\n");
        assertThat(run.runDirectory().resolve("3-load.json"))
                .content()
                .contains("stopped by SIG" + signal);
        program.assertNothingIsLeft();
    }

    /** The second experiment of a call is not begun. */
    @Test
    void theOthersAreNotRun() throws Exception {
        String first = service.experiment("60s");
        Path second = program.workingDirectory().resolve("second.yaml");
        Files.writeString(
                second, Files.readString(Path.of(first)).replace("name: small", "name: second"));
        Program.Run run = program.start(SmallService.run(first, second.toString()));
        run.awaitPrinted("applied ");
        run.signal("INT");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.printed()).contains("second: not run");
        program.assertNothingIsLeft();
    }

    @Test
    void theSecondTimeAtOnce() throws Exception {
        Tools.assumeWrk();
        Program.Run run = program.start(SmallService.run(service.experiment("60s")));
        run.awaitLoad();
        run.signal("INT");
        run.awaitPrinted("stopping (SIGINT)");
        run.signal("INT");

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.runDirectory()).isDirectoryNotContaining("glob:**/.room*");
        program.assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aClusterAlone(String signal) throws Exception {
        Program.Run run = program.start("cluster");
        run.awaitPrinted("kubeconfig");
        run.signal(signal);

        assertThat(run.exitCode()).isZero();
        program.assertNothingIsLeft();
    }

    /** What a kill -9 leaves is gone after the next start. */
    @Test
    void killedWithoutWarning() throws Exception {
        Tools.assumeWrk();
        Program.Run run = program.start(SmallService.run(service.experiment("60s")));
        run.awaitLoad();
        run.signal("KILL");
        run.exitCode();

        Program.Run next = program.start("cluster");
        next.awaitPrinted("kubeconfig");
        next.signal("TERM");
        assertThat(next.exitCode()).isZero();
        program.assertNothingIsLeft();
        Program.Run judged = program.run("judge", run.runDirectory().toString());
        assertThat(judged.printed()).startsWith("small: inconclusive");
    }
}
