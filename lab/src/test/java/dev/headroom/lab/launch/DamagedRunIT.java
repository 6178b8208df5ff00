package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.cli.InProcess;
import dev.headroom.lab.load.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A run directory that somebody or something damaged: which file and which line, exit code 2, and nothing in it is touched. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class DamagedRunIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private static Path once;
    private static Path good;
    @TempDir private Path folder;
    private Path run;

    @BeforeAll
    static void measure() throws Exception {
        Tools.assumeWrk();
        Program program = new Program(once);
        try {
            SmallService service = SmallService.in(program.workingDirectory());
            Program.Run ended = program.run(SmallService.run(service.experiment("3s")));
            assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(3);
            good = ended.runDirectory();
        } finally {
            program.endAll();
        }
    }

    @BeforeEach
    void copy() throws IOException {
        run = copyOf(good, folder.resolve("run"));
    }

    @AfterEach
    void remove() throws IOException {
        try (var files = Files.list(run)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(run);
    }

    private static Path copyOf(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
        }
        return to;
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (var files = Files.list(run)) {
            for (Path file : files.toList()) {
                all.put(
                        String.valueOf(file.getFileName()),
                        Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return all;
    }

    private void assertRefused(String command, String... messages) throws IOException {
        Map<String, String> before = content();
        InProcess.Ended ended = InProcess.run(command, run.toString());
        assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(2);
        assertThat(ended.printed()).contains(messages);
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void aWholeOneIsJudgedAndReportedAnywhereByteForByte() throws IOException {
        Map<String, String> before = content();
        for (String file : List.of("5-verdict.json", "6-report.html")) {
            Files.deleteIfExists(run.resolve(file));
        }
        assertThat(InProcess.run("judge", run.toString()).exitCode()).isEqualTo(3);
        assertThat(content()).isEqualTo(before);
        assertThat(InProcess.run("report", run.toString()).exitCode()).isEqualTo(3);
        assertThat(content()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "judge  | 1-experiment.yaml     | is missing",
                "judge  | 2-deployment.json     | is missing",
                "judge  | 3-load.json           | is missing",
                "judge  | 4-observations.jsonl  | is missing",
                "report | 3-load.json           | is missing",
                "report | 5-verdict.json        | is missing"
            })
    void aMissingFile(String command, String file, String message) throws IOException {
        Files.delete(run.resolve(file));
        assertRefused(command, run.resolve(file) + ": " + message);
    }

    /** Whole lines, but not all of them. */
    @Test
    void observationsThatEndBeforeTheLoad() throws IOException {
        Path file = run.resolve("4-observations.jsonl");
        List<String> lines = Files.readAllLines(file);
        List<String> kept =
                lines.stream().takeWhile(line -> !line.contains("\"load-end\"")).toList();
        assertThat(kept).hasSizeLessThan(lines.size());
        Files.write(file, kept);
        assertRefused("judge", file + ":" + kept.size() + ": ends before the load did");
        assertRefused("report", file + ":" + kept.size() + ": ends before the load did");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2-deployment.json", "3-load.json", "5-verdict.json"})
    void cutOffBinaryAndOfAnotherVersion(String name) throws IOException {
        Path file = run.resolve(name);
        String text = Files.readString(file);
        String command = name.startsWith("5") ? "report" : "judge";

        // Never right behind a line's end: whose line the end of the file is, is a matter of taste.
        String half = text.substring(0, text.length() / 2).stripTrailing();
        Files.writeString(file, half);
        assertRefused(command, file + ":" + half.lines().count() + ": ");

        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertRefused(command, file + ":1: is not UTF-8 text");

        Files.writeString(file, text.replaceFirst("\"schema\" : 1", "\"schema\" : 99"));
        assertRefused(command, file + ":2: schema: found 99; this program reads schema 1");

        Files.writeString(file, "");
        assertRefused(command, file + ": schema: is missing");
    }

    @Test
    void aBrokenLineOfObservations() throws IOException {
        Path file = run.resolve("4-observations.jsonl");
        List<String> lines = Files.readAllLines(file);

        List<String> broken = new ArrayList<>(lines);
        broken.set(4, broken.get(4).substring(0, 20));
        Files.write(file, broken);
        assertRefused("judge", file + ":5: ");

        broken.set(4, "{\"kind\":\"dream\",\"at\":1}");
        Files.write(file, broken);
        assertRefused("judge", file + ":5: ", "dream");

        Files.writeString(file, String.join("\n", lines));
        assertRefused("judge", file + ":" + lines.size() + ": the line is cut off");
    }

    /** Still JSON, and still not what a run can have left. */
    @Test
    void numbersAndLinesThatCannotBe() throws IOException {
        Path load = run.resolve("3-load.json");
        String good = Files.readString(load);
        List<String> lines = Files.readAllLines(load);
        int answers = 0;
        while (!lines.get(answers).startsWith("  \"answers\" : ")) {
            answers++;
        }
        lines.set(answers, "  \"answers\" : -5,");
        Files.write(load, lines);
        assertRefused(
                "judge",
                load + ":" + (answers + 1) + ": answers: found -5; it takes no number below 0");
        Files.writeString(load, good);

        Path file = run.resolve("4-observations.jsonl");
        List<String> seen = new ArrayList<>(Files.readAllLines(file));
        int sample = 0;
        while (!seen.get(sample).contains("\"kind\":\"sample\"")) {
            sample++;
        }
        seen.add(sample, seen.get(sample));
        Files.write(file, seen);
        assertRefused(
                "judge",
                file + ":" + (sample + 2) + ": stands twice; first on line " + (sample + 1));

        seen.remove(sample);
        int whole = seen.size();
        seen.remove(sample);
        Files.write(file, seen);
        assertRefused(
                "report",
                file + ":" + (whole - 1) + ": detail: found \"" + (whole - 1) + " lines\", but");

        Files.writeString(
                run.resolve("5-verdict.json"),
                Files.readString(run.resolve("5-verdict.json"))
                        .replaceFirst("\"exitCode\" : 3", "\"exitCode\" : 7"));
        Files.copy(good(file), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRefused("report", "exitCode: found 7; it takes one of 0, 3, 99");
    }

    private static Path good(Path file) {
        return good.resolve(String.valueOf(file.getFileName()));
    }

    @Test
    void anExperimentThatWasEdited() throws IOException {
        Path file = run.resolve("1-experiment.yaml");
        Files.writeString(file, Files.readString(file).replace("duration:", "duratoin:"));
        assertRefused("judge", "duratoin: unknown key (did you mean \"duration\"?)");
    }

    @Test
    void whatIsNoRunDirectory() throws IOException {
        Path file = run.resolve("3-load.json");
        InProcess.Ended ended = InProcess.run("judge", file.toString());
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.printed()).contains(file + ": is no run directory but a file");
        ended = InProcess.run("report", run + "/none");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.printed()).contains(run + "/none: no such run directory");
    }

    /** The others are still judged, and the worst of all is the exit code. */
    @Test
    void oneOfTwoIsDamaged() throws IOException {
        Path file = Files.writeString(run.resolve("3-load.json"), "{");
        InProcess.Ended ended = InProcess.run("judge", run.toString(), good.toString());
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.printed()).contains(file + ":1: ", "small: in");
    }

    /** Whatever single value is missing or of another type: refused with its file, or judged without it; never a fault of the program. */
    @TestFactory
    Stream<DynamicTest> anyValueOfAnyFile() {
        return Stream.of(
                        "2-deployment.json",
                        "3-load.json",
                        "4-observations.jsonl",
                        "5-verdict.json")
                .map(file -> DynamicTest.dynamicTest(file, () -> changeAll(file)));
    }

    private static void changeAll(String name) throws IOException {
        Path copy = copyOf(good, once.resolve("changed-" + name));
        Path file = copy.resolve(name);
        boolean lines = name.endsWith("l");
        List<String> texts = lines ? Files.readAllLines(file) : List.of(Files.readString(file));
        List<String> kinds = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            JsonNode tree = JSON.readTree(texts.get(i));
            String kind = tree.path("kind").asString("") + tree.path("objectKind").asString("");
            if (kinds.contains(kind)) {
                continue;
            }
            kinds.add(kind);
            int line = i;
            changes(
                    tree,
                    lines ? 3 : 5,
                    changed -> {
                        List<String> all = new ArrayList<>(texts);
                        all.set(line, changed);
                        assertNoFault(name, copy, file, String.join("\n", all) + "\n", changed);
                    });
        }
    }

    private static void assertNoFault(
            String name, Path directory, Path file, String text, String changed) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String command = name.startsWith("5") ? "report" : "judge";
        InProcess.Ended ended = InProcess.run(command, directory.toString());
        assertThat(ended.exitCode()).as(() -> ended.printed() + "\n" + changed).isIn(0, 2, 3, 99);
        if (ended.exitCode() == 2) {
            assertThat(ended.printed()).contains(file.toString());
        }
    }

    /** Every text with one value removed, and with one value of another type. */
    private static void changes(JsonNode root, int deep, Consumer<String> each) {
        changes(root, root, deep, each);
    }

    private static void changes(JsonNode root, JsonNode node, int deep, Consumer<String> each) {
        if (deep < 0) {
            return;
        }
        if (node instanceof ObjectNode object) {
            for (String key : List.copyOf(object.propertyNames())) {
                JsonNode was = object.get(key);
                object.set(key, otherType(was));
                each.accept(root.toString());
                object.remove(key);
                each.accept(root.toString());
                object.set(key, was);
                changes(root, was, deep - 1, each);
            }
        } else if (node instanceof ArrayNode array && !array.isEmpty()) {
            JsonNode was = array.get(0);
            array.set(0, otherType(was));
            each.accept(root.toString());
            array.set(0, was);
            changes(root, was, deep - 1, each);
        }
    }

    private static JsonNode otherType(JsonNode was) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return was.isString() ? make.arrayNode() : make.stringNode("what");
    }
}
