package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headroom.lab.load.Tools;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What breaks around the program: exit code 4 with the stage and the cause, what was measured is kept and can be judged, and nothing is left running. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class FailuresIT {
    @TempDir private Path folder;
    private Program program;
    private SmallService service;

    @BeforeEach
    void write() throws IOException {
        Tools.assumeLinux();
        program = new Program(folder);
        service = SmallService.in(program.workingDirectory());
    }

    @AfterEach
    void endAll() {
        if (program != null) {
            program.endAll();
        }
    }

    private void assertJudged(Program.Run failed, String word) throws Exception {
        program.assertNothingIsLeft();
        Program.Run judged = program.run("judge", failed.runDirectory().toString());
        assertThat(judged.printed()).containsPattern("\\Asmall: (" + word + ")\n");
        assertThat(judged.exitCode()).isEqualTo(3);
        assertThat(failed.runDirectory()).isDirectoryNotContaining("glob:**/.room*");
    }

    @Test
    void wrkIsKilledInTheMiddle() throws Exception {
        Tools.assumeWrk();
        Program.Run run = program.start(SmallService.run(service.experiment("60s")));
        run.awaitLoad();
        Program.await("wrk", () -> program.processes().stream().anyMatch(FailuresIT::isWrk));
        program.process("wrk").destroyForcibly();

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(4);
        assertThat(run.printed()).contains("small: stage load failed: wrk was killed by signal 9");
        assertJudged(run, "inconclusive");
    }

    private static boolean isWrk(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/wrk");
    }

    @Test
    void aPodIsKilledInTheMiddle() throws Exception {
        Tools.assumeWrk();
        Program.Run run = program.start(SmallService.run(service.experiment("6s")));
        run.awaitLoad();
        program.processes().stream()
                .filter(p -> p.info().command().orElse("").endsWith("/jwebserver"))
                .forEach(ProcessHandle::destroyForcibly);

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(4);
        assertThat(run.printed())
                .containsPattern(
                        "small: stage load failed: container web of pod web-\\S+ was killed from outside \\d s into the load");
        program.assertNothingIsLeft();
        assertThat(run.runDirectory().resolve("5-verdict.json")).exists();
    }

    @Test
    void theLoadScriptIsWrong() throws Exception {
        Tools.assumeWrk();
        Files.writeString(program.workingDirectory().resolve("wrong.lua"), "request = = 1\n");
        service.experiment("5s");
        service.change(
                program.workingDirectory().resolve("small.yaml"), "5s}", "5s, script: wrong.lua}");
        Program.Run run = program.run(SmallService.run("small.yaml"));

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(4);
        assertThat(run.printed()).contains("small: stage load failed: ").contains("wrong.lua");
        assertJudged(run, "inconclusive");
    }

    /** A small disk of its own, which somebody fills under load; what is on it is copied before it goes away. */
    private static final String ON_A_FULL_DISK =
            """
            mkdir runs && mount -t tmpfs -o size=3m none runs || exit 99
            "$@" & program=$!
            until grep -qs '"load-start"' runs/*/4-observations.jsonl || ! kill -0 $program; do sleep 0.1; done
            cat /dev/zero >runs/fill
            wait $program; code=$?
            rm runs/fill; cp -r runs copied
            exit $code
            """;

    @Test
    void theDiskIsFull() throws Exception {
        Tools.assumeWrk();
        List<String> alone = List.of("unshare", "--mount", "--map-root-user");
        assumeTrue(canMount(alone), "no file system can be mounted here");
        List<String> wrapper = new ArrayList<>(alone);
        wrapper.addAll(List.of("/bin/sh", "-c", ON_A_FULL_DISK, "sh"));
        program.through(wrapper.toArray(String[]::new));
        Program.Run run = program.run(SmallService.run(service.experiment("60s")));

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(4);
        assertThat(run.printed())
                .containsPattern(
                        "small: stage observe failed: can't write runs/\\S+/4-observations.jsonl: No space left on device");
        Files.delete(program.workingDirectory().resolve("runs"));
        Files.move(
                program.workingDirectory().resolve("copied"),
                program.workingDirectory().resolve("runs"));
        program.through();
        assertThat(files(run.runDirectory()))
                .contains("3-load.json", "5-verdict.json")
                .noneMatch(f -> f.startsWith("."));
        assertJudged(run, "inconclusive");
    }

    private static boolean canMount(List<String> alone) throws Exception {
        List<String> command = new ArrayList<>(alone);
        command.addAll(List.of("mount", "-t", "tmpfs", "none", "/mnt"));
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException noUnshare) {
            return false;
        }
    }

    private static List<String> files(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(p -> String.valueOf(p.getFileName())).sorted().toList();
        }
    }

    /** One listener on all addresses is in the way of every cluster. */
    @Test
    void theClustersPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.setReuseAddress(true);
            try {
                taken.bind(new InetSocketAddress("0.0.0.0", 26443));
            } catch (IOException e) {
                assumeTrue(false, "a cluster runs on this machine: " + e.getMessage());
            }
            Program.Run run = program.run(SmallService.run(service.experiment("5s")));

            assertThat(run.exitCode()).isEqualTo(4);
            assertThat(run.printed())
                    .contains("small: stage deploy failed: the embedded cluster can't be started: ")
                    .contains("port 26443 is taken");
            program.assertNothingIsLeft();
        }
    }
}
