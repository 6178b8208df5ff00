package dev.headroom.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.89Z");

    @TempDir Path runs = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private RunDirectory directory;

    @BeforeEach
    void create() throws StageException {
        directory = RunDirectory.create(runs.resolve("deep/runs"), "a", NOW);
    }

    /** Something like a stage's record. */
    record Note(int schema, String word, @Nullable String maybe, Inner inner, List<Inner> more) {}

    record Inner(long count, String unit) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes(@JsonSubTypes.Type(value = Kind.One.class, name = "one"))
    sealed interface Kind {
        record One(long at) implements Kind {}
    }

    private static Note note() {
        return new Note(1, "w", null, new Inner(3, "s"), List.of(new Inner(4, "ms")));
    }

    @Test
    void isNamedByTimeAndExperimentAndNeverTwice() throws Exception {
        assertThat(directory.path()).isEqualTo(runs.resolve("deep/runs/20260304T050607Z-a"));
        try (var pool = Executors.newFixedThreadPool(8)) {
            List<Callable<Path>> many =
                    Collections.nCopies(
                            20,
                            () -> RunDirectory.create(runs.resolve("deep/runs"), "a", NOW).path());
            assertThat(pool.invokeAll(many).stream().map(f -> f.resultNow()).distinct())
                    .hasSize(20);
        }
    }

    @Test
    void writesWholeFilesAndTheSameBytes() throws Exception {
        directory.write("load", RunFile.LOAD, Json.pretty(note()));
        byte[] first = Files.readAllBytes(directory.path(RunFile.LOAD));
        Note read = directory.read(RunFile.LOAD, Note.class, 1);
        assertThat(read).isEqualTo(note());
        directory.write("load", RunFile.LOAD, Json.pretty(read));
        assertThat(Files.readAllBytes(directory.path(RunFile.LOAD))).isEqualTo(first);
        // Until then there is room kept, for a disk that fills up.
        directory.complete();
        try (var files = Files.list(directory.path())) {
            assertThat(files).containsExactly(directory.path(RunFile.LOAD));
        }
    }

    @Test
    void aDamagedFileIsNamedWithItsLineAndLeftAlone() throws Exception {
        String good = new String(Json.pretty(note()), StandardCharsets.UTF_8);
        damaged(good.replace("\"w\",", "\"w\"\n"), ":5: ");
        damaged(good.substring(0, good.length() / 2), ":");
        damaged("", ": schema: is missing; this program reads schema 1");
        damaged("\n[]", ":2: schema: is missing; this program reads schema 1");
        damaged(
                good.replace("\"schema\" : 1", "\"schema\" : \"1\""),
                ":2: schema: found \"1\"; this program reads schema 1");
        damaged(
                good.replace("\"schema\" : 1", "\"schema\" : 2"),
                ":2: schema: found 2; this program reads schema 1");
        damaged(good.replace("\"word\" : \"w\",", ""), ":1: word: is missing; it takes a text");
        damaged(
                good.replace("\"unit\" : \"ms\"", "\"unit\" : null"),
                ":10: more[0].unit: found null; it takes a text");
        damaged(
                good.replace("\"count\" : 3", "\"count\" : \"many\""),
                ":5: inner.count: found \"many\"; it takes a whole number");
        damaged(
                good.replace("\"count\" : 3", "\"count\" : null"),
                ":5: inner.count: found null; it takes a whole number");
        damaged(
                good.replace("\"count\" : 3,", ""),
                "inner.count: is missing; it takes a whole number");
        damaged(
                good.replace("\"count\" : 4", "\"count\" : -4"),
                ":9: more[0].count: found -4; it takes no number below 0");
        damaged(good.replace("\"w\"", "[1]"), ":3: word: found a list; it takes a text");
        damaged(good + good, "holds more than one JSON value");
    }

    private void damaged(String content, String message) throws IOException {
        Path file = directory.path(RunFile.LOAD);
        Files.writeString(file, content);
        assertThatThrownBy(() -> directory.read(RunFile.LOAD, Note.class, 1))
                .isInstanceOf(DamagedRunException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
        assertThat(file).content().isEqualTo(content);
    }

    @Test
    void aDamagedLineIsNamed() throws Exception {
        Path file = directory.path(RunFile.OBSERVATIONS);
        String line = "{\"count\":1,\"unit\":\"s\"}\n";
        Files.writeString(file, line + line);
        assertThat(directory.readLines(RunFile.OBSERVATIONS, Inner.class)).hasSize(2);
        Files.writeString(file, line + "{\"count\":1,\"un\n" + line);
        assertThatThrownBy(() -> directory.readLines(RunFile.OBSERVATIONS, Inner.class))
                .isInstanceOf(DamagedRunException.class)
                .hasMessageStartingWith(file + ":2: ");
        Files.writeString(file, line + line.substring(0, 9));
        assertThatThrownBy(() -> directory.readLines(RunFile.OBSERVATIONS, Inner.class))
                .hasMessage(file + ":2: the line is cut off");
        Files.writeString(file, line + "{\"count\":1}\n");
        assertThatThrownBy(() -> directory.readLines(RunFile.OBSERVATIONS, Inner.class))
                .hasMessage(file + ":2: unit: is missing; it takes a text");
        Files.writeString(file, line + "\n" + line);
        assertThatThrownBy(() -> directory.readLines(RunFile.OBSERVATIONS, Inner.class))
                .hasMessage(file + ":2: the line is empty");
        Files.writeString(file, "5\n");
        assertThatThrownBy(() -> directory.readLines(RunFile.OBSERVATIONS, Kind.class))
                .hasMessage(file + ":1: found 5; it takes a mapping");
        Files.write(file, (line + "\u00fc\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> directory.readLines(RunFile.OBSERVATIONS, Inner.class))
                .hasMessage(file + ":2: is not UTF-8 text");
    }

    /** Kept free for the last words of a run; of one that was killed, nobody needs it. */
    @Test
    void whatAKilledRunKeptIsGivenBackByTheNext() throws Exception {
        Path killed = Files.createDirectory(runs.resolve("deep/runs/20260101T000000Z-b"));
        Path dead = Files.createFile(killed.resolve(".room-" + deadPid()));
        Path alive = Files.createFile(killed.resolve(".room-" + ProcessHandle.current().pid()));
        Path foreign = Files.createDirectory(runs.resolve("deep/runs/notes"));
        Path kept = Files.createFile(foreign.resolve(".room-" + deadPid()));

        RunDirectory.create(runs.resolve("deep/runs"), "a", NOW);
        assertThat(dead).doesNotExist();
        assertThat(alive).exists();
        assertThat(kept).exists();

        Files.createFile(dead);
        RunDirectory.open(killed).complete();
        assertThat(killed).isEmptyDirectory();
    }

    private static long deadPid() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThatThrownBy(() -> directory.read(RunFile.LOAD, Note.class, 1))
                .hasMessage(directory.path(RunFile.LOAD) + ": is missing");
        assertThatThrownBy(() -> RunDirectory.open(runs.resolve("none")))
                .hasMessage(runs.resolve("none") + ": no such run directory");
    }

    @Test
    void aPlaceThatCantBeWrittenIsAFailureOfItsStage() throws IOException {
        Path file = Files.writeString(runs.resolve("file"), "");
        assertThatThrownBy(() -> RunDirectory.create(file, "a", NOW))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("can't make a run directory in " + file);
        directory.complete();
        Files.delete(directory.path());
        assertThatThrownBy(() -> directory.write("load", RunFile.LOAD, new byte[1]))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.stage()).isEqualTo("load"))
                .hasMessage(
                        "can't write " + directory.path(RunFile.LOAD) + ": no such file or folder");
    }

    @Test
    void theClockNeverGoesBack() {
        LabClock clock = LabClock.system();
        long last = clock.millis();
        for (int i = 0; i < 1000; i++) {
            long now = clock.millis();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
        assertThat(clock.instant())
                .isBetween(Instant.ofEpochMilli(last), Instant.ofEpochMilli(last + 60_000));
    }
}
