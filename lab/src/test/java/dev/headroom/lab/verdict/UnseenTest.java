package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.verdict.VerdictRecord.Finding;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Runs in which the cluster could not be observed for a while: what was known before is not taken to have lasted. */
class UnseenTest {
    /** No sample, and of all changes the last of each object only, when the API server is back. */
    static Recording away(Recording run, double from, double to) {
        Map<String, ObjectNode> last = new LinkedHashMap<>();
        for (ObjectNode line : run.lines()) {
            double at = run.seconds(line);
            if (line.path("kind").asString().equals("change") && at > from && at < to) {
                last.put(
                        line.path("objectKind").asString() + line.path("name").asString(),
                        line.deepCopy());
            }
        }
        run.remove(line -> run.seconds(line) > from && run.seconds(line) < to);
        last.values().forEach(line -> run.add(to, line));
        return run.gap(from + 3, Observation.Gap.OUTAGE, "no answer");
    }

    @Test
    void isSaidBesideTheVerdict() {
        VerdictRecord verdict = away(Recording.autoscaling(), 50, 60).judge();
        assertThat(verdict.verdict()).isEqualTo("scaled");
        assertThat(verdict.findings())
                .filteredOn(f -> f.word().equals("unobserved"))
                .singleElement()
                .extracting(Finding::sentence)
                .asString()
                .startsWith("For 1")
                .contains("could not be observed");
        assertThat(Recording.autoscaling().judge().findings())
                .extracting(Finding::word)
                .doesNotContain("unobserved");
    }

    /** Twin: for so long that anything may have been. */
    @Test
    void isAllThatCanBeSaid() {
        assertThat(away(Recording.autoscaling(), 50, 70).judge())
                .satisfies(v -> {
                    assertThat(v.verdict()).isEqualTo("inconclusive");
                    assertThat(v.sentence()).contains("nothing was observed from ");
                });
    }

    @Test
    void noPassIsTakenForGrantedMeanwhile() {
        Run run = away(Recording.autoscaling(), 50, 70).run();
        assertThat(run.passes())
                .noneMatch(p -> p.at() > run.start() + 50_500 && p.at() < run.start() + 69_500);
        assertThat(run.passes()).noneMatch(p -> p.differs() != null);
    }

    /** The pods were there a moment later; when, nobody saw. They came after less than the time that makes a fault of it, or after more. */
    @Test
    void podsAreNotMissingForAllThatTime() {
        Recording run = MissingTest.crashing(43);
        assertThat(run.word()).isNotEqualTo("crashing");
        assertThat(away(run, 41, 54).word()).isNotEqualTo("crashing");
    }

    /** Twin: they were still not there when it could be seen again, and for long. */
    @Test
    void podsThatAreSeenToBeMissingAre() {
        assertThat(away(MissingTest.crashing(200), 18, 30).word()).isEqualTo("crashing");
    }
}
