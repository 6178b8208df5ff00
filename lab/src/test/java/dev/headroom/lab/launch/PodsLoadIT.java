package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headroom.lab.run.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A load that is sent by pods in the cluster: the embedded one, in which Headroom's image stands for this very program. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class PodsLoadIT {
    @TempDir private Path folder;
    private Program program;
    private SmallService service;

    @BeforeEach
    void write() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no Linux /proc");
        program = new Program(folder);
        service = SmallService.in(program.workingDirectory());
    }

    @AfterEach
    void endAll() {
        if (program != null) {
            program.endAll();
        }
    }

    private static JsonNode load(Program.Run run) throws IOException {
        return Json.mapper().readTree(run.runDirectory().resolve("3-load.json").toFile());
    }

    private static long sum(JsonNode windows, String field) {
        return StreamSupport.stream(windows.spliterator(), false)
                .mapToLong(w -> w.path(field).asLong())
                .sum();
    }

    @Test
    void podsSendTheirSharesAndAllIsCounted() throws Exception {
        Program.Run run = program.run(SmallService.run(service.fromPods(2).experiment("3s")));

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed()).contains("the load is sent by 2 pods of ghcr.io/headroom-dev/");
        JsonNode load = load(run);
        assertThat(load.path("ended").path("how").asString()).isEqualTo("COMPLETED");
        assertThat(load.path("connections").path("asked").asInt()).isEqualTo(4);
        assertThat(load.path("connections").path("opened").asInt()).isEqualTo(4);
        assertThat(load.path("plan").path("connections").asInt()).isEqualTo(4);
        long answers = load.path("answers").asLong();
        assertThat(answers).isPositive();
        assertThat(load.path("statusCodes").path("200").asLong()).isEqualTo(answers);
        assertThat(load.path("latency").path("counted").asLong()).isEqualTo(answers);
        assertThat(sum(load.path("windows"), "answers")).isEqualTo(answers);
        assertThat(load.path("generator").path("where").asString())
                .matches("2 pods in the cluster: headroom-load-\\S+-0 on \\S+, \\S+-1 on \\S+");
        assertThat(load.path("use")).isNotEmpty();
        assertThat(load.path("use").path(0).path("busiest").isNumber()).isTrue();
        assertThat(run.runDirectory().resolve("6-report.html"))
                .content()
                .contains("2 pods in the cluster: headroom-load-");
        program.assertNothingIsLeft();
    }

    @Test
    void aConstantRateIsTheirRatesTogether() throws Exception {
        String text = Files.readString(Path.of(service.fromPods(3).experiment("4s")));
        String experiment =
                service.write(
                        text.replaceFirst(
                                "wrk: .*", "rate: {rate: 60/s, connections: 6, duration: 4s}"));
        Program.Run run = program.run(SmallService.run(experiment));

        JsonNode load = load(run);
        assertThat(load.path("ended").path("how").asString())
                .as(run.printed())
                .isEqualTo("COMPLETED");
        // The clock of a rate starts when all connections are open, after a second at the latest.
        assertThat(sum(load.path("windows"), "due")).isBetween(180L, 243L);
        program.assertNothingIsLeft();
    }

    @Test
    void stoppedTheyHandOverWhatTheyHave() throws Exception {
        Program.Run run = program.start(SmallService.run(service.fromPods(1).experiment("60s")));
        run.awaitPrinted(" req/s");
        run.signal("TERM");

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        JsonNode load = load(run);
        assertThat(load.path("ended").path("how").asString()).isEqualTo("INTERRUPTED");
        assertThat(load.path("ended").path("cause").asString()).isEqualTo("stopped by SIGTERM");
        assertThat(load.path("answers").asLong()).isPositive();
        program.assertNothingIsLeft();
    }

    /** An image's name that an experiment explains stands for that; this one is no Headroom. */
    @Test
    void podsThatDoNotListenAreSaid() throws Exception {
        String text = Files.readString(Path.of(service.fromPods(1).experiment("3s")));
        String experiment =
                service.write(
                        text.replace("  pods: 1\n", "  pods: 1\n  image: test/none:1\n")
                                .replace(
                                        "images:\n",
                                        "images:\n  test/none:1: {command: [/bin/false]}\n"));
        Program.Run run = program.run(SmallService.run(experiment));

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(4);
        assertThat(run.printed())
                .contains(
                        "stage load failed: of 1 pod that is to send the load, 0 ran after",
                        "container load ended with exit code 1");
        program.assertNothingIsLeft();
    }
}
