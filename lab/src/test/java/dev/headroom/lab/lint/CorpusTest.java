package dev.headroom.lab.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Good and bad manifests, a folder for each rule. A line that is to be found says so itself, in a comment. */
class CorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/dev/headroom/lab/lint");
    private static final Pattern MARK = Pattern.compile("# finding: ([a-z-]+)");

    static Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(CORPUS)) {
            return all.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void exactlyWhatIsMarkedIsFound(Path file) throws IOException, ExperimentException {
        List<Finding> found = Linter.lint(World.ofManifests(Manifests.read(List.of(file)).all()));
        assertThat(found.stream().map(f -> f.line() + " " + f.rule().id()))
                .as(() -> found.stream().map(Finding::message).collect(Collectors.joining("\n")))
                .containsExactlyElementsOf(marks(file));
        boolean bad = file.getFileName().toString().startsWith("bad");
        String rule = String.valueOf(file.getName(file.getNameCount() - 2));
        assertThat(found.stream().anyMatch(f -> f.rule().id().equals(rule))).isEqualTo(bad);
    }

    private static List<String> marks(Path file) throws IOException {
        List<String> marks = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            Matcher mark = MARK.matcher(lines.get(i));
            while (mark.find()) {
                marks.add(i + 1 + " " + mark.group(1));
            }
        }
        return marks;
    }

    @Test
    void everyRuleHasFilesOfBothKinds() throws IOException {
        Set<String> kinds =
                files().map(f ->
                                f.getName(f.getNameCount() - 2)
                                        + " "
                                        + f.getFileName().toString().replaceFirst("[-.].*", ""))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> wanted = new TreeSet<>();
        Linter.rules().forEach(r -> wanted.addAll(List.of(r.id() + " bad", r.id() + " good")));
        assertThat(kinds).isEqualTo(wanted);
    }

    @Test
    void theShippedManifestsHaveNothing() throws ExperimentException {
        assertThat(Linter.lint(World.ofManifests(Manifests.read(List.of(Path.of("../k8s"))).all())))
                .isEmpty();
    }

    /** Its experiments end as these two say: scaled without gain, and with a cold start that was taken for load. */
    @Test
    void theExampleOfFastApiHasWhatItsExperimentsShow() throws ExperimentException {
        Path folder = Path.of("../examples/fastapi/manifests");
        assertThat(Linter.lint(World.ofManifests(Manifests.read(List.of(folder)).all())))
                .extracting(f -> f.rule().id())
                .containsExactlyInAnyOrder("no-readiness-probe", "pinned-connections");
    }
}
