package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Constant;
import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples and the constants in docs/verdicts.md are what the program says. */
class VerdictDocsTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- example: (\\S+) -->\n```text\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CONSTANTS =
            Pattern.compile("<!-- constants -->\n(.*?)\n\n", Pattern.DOTALL);

    private static final Map<String, Supplier<VerdictRecord>> EXAMPLES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("scaled", () -> Recording.autoscaling().judge()),
                            Map.entry("bottleneck-max-replicas", () -> Worlds.full(1).judge()),
                            Map.entry("scaled-without-gain", () -> Worlds.pinned().judge()),
                            Map.entry("scaled-too-late", () -> TooLateTest.failing().judge()),
                            Map.entry("unready-under-load", () -> UnreadyTest.blind().judge()),
                            Map.entry(
                                    "metrics-missing",
                                    () -> MetricsMissingTest.withoutRequest().judge()),
                            Map.entry("contested", () -> ContestedTest.contested().judge()),
                            Map.entry(
                                    "target-unreachable",
                                    () -> TargetUnreachableTest.with(0.5, 0.5, 120).judge()),
                            Map.entry("crashing", () -> MissingTest.crashing().judge()),
                            Map.entry("not-ready", () -> NeverReadyTest.noImage()),
                            Map.entry("unschedulable", () -> MissingTest.noPlace().judge()),
                            Map.entry("held", () -> Worlds.calm(3).judge()),
                            Map.entry(
                                    "not-scaled",
                                    () -> NotScaledTest.withoutAutoscaler(Worlds.full(1)).judge()),
                            Map.entry(
                                    "invalid",
                                    () ->
                                            SoundnessTest.connections(Worlds.full(1), 243, 256)
                                                    .judge()),
                            Map.entry(
                                    "inconclusive",
                                    () -> Alter.end(Worlds.scaled(), 20, "INTERRUPTED").judge())));

    @Test
    void examples() throws IOException {
        Path file = file();
        StringBuilder written = new StringBuilder();
        TreeMap<String, String> found = new TreeMap<>();
        Matcher matcher = EXAMPLE.matcher(Files.readString(file));
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2));
            String text =
                    EXAMPLES.containsKey(matcher.group(1))
                            ? says(EXAMPLES.get(matcher.group(1)).get())
                            : "?\n";
            matcher.appendReplacement(
                    written,
                    Matcher.quoteReplacement(
                            "<!-- example: "
                                    + matcher.group(1)
                                    + " -->\n```text\n"
                                    + text
                                    + "```"));
        }
        matcher.appendTail(written);
        if (isWritten(file, written.toString())) {
            return;
        }
        TreeMap<String, String> said = new TreeMap<>();
        EXAMPLES.forEach((word, verdict) -> said.put(word, says(verdict.get())));
        assertThat(found).isEqualTo(said);
        EXAMPLES.forEach((word, verdict) -> assertThat(verdict.get().verdict()).isEqualTo(word));
    }

    private static String says(VerdictRecord verdict) {
        StringBuilder text = new StringBuilder(verdict.verdict()).append('\n');
        text.append(verdict.sentence()).append('\n');
        for (Evidence evidence : verdict.evidence()) {
            text.append("  evidence: ").append(evidence.what());
            text.append("  [").append(evidence.source()).append("]\n");
        }
        for (Counterfactual other : verdict.counterfactuals()) {
            text.append("  would change it: ").append(other.setting());
            text.append(" from ").append(other.was()).append(" to ");
            text.append(other.atLeast() ? "at least " : "").append(other.value());
            text.append(" (").append(other.why()).append(")\n");
        }
        return text.toString();
    }

    @Test
    void constants() throws IOException {
        Path file = file();
        List<Constant> constants = Worlds.full(1).judge().constants();
        StringBuilder table = new StringBuilder("| constant | value |\n|---|---|");
        for (Constant constant : constants) {
            table.append("\n| ").append(constant.name()).append(" | ").append(constant.value());
            table.append(" |");
        }
        String text = Files.readString(file);
        Matcher matcher = CONSTANTS.matcher(text);
        assertThat(matcher.find()).isTrue();
        String found = matcher.group(1);
        if (isWritten(file, text.replace(found, table))) {
            return;
        }
        assertThat(found)
                .as("it is written by -Dheadroom.write-reference=true")
                .isEqualTo(table.toString());
    }

    private static boolean isWritten(Path file, String text) throws IOException {
        boolean write = Boolean.getBoolean("headroom.write-reference");
        if (write) {
            Files.writeString(file, text);
        }
        return write;
    }

    private static Path file() {
        Path here = Path.of("").toAbsolutePath();
        Path docs = Files.isDirectory(here.resolve("docs")) ? here : here.resolve("..");
        return docs.resolve("docs/verdicts.md");
    }
}
