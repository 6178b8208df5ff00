package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Finding;
import org.junit.jupiter.api.Test;

/** Recorded runs as they are, on two cores with much else to do, and their nearest twins. */
class RecordedTest {
    @Test
    void scaled() {
        assertThat(Recording.autoscaling().judge())
                .satisfies(v -> {
                    assertThat(v.verdict()).isEqualTo("scaled");
                    assertThat(v.lacking()).isEmpty();
                });
    }

    /** While it is unready connections end and no new ones come: no steady state, and no fault of the measurement. */
    @Test
    void unreadyUnderLoad() {
        VerdictRecord verdict = Recording.unready().judge();
        assertThat(verdict.verdict()).isEqualTo("unready-under-load");
        assertThat(verdict.sentence())
                .contains("with a timeout of 1 s")
                .endsWith("stayed at 1 replica, where it would have asked for 4.");
        assertThat(verdict.findings())
                .extracting(Finding::word)
                .contains("latency-cut-off")
                .doesNotContain("metrics-missing", "invalid");
    }

    /** Twin: pods older than five minutes count, ready or not; here the autoscaler would then have had its metrics. */
    @Test
    void unreadyAndOld() {
        Recording run = Recording.unready();
        run.objects(
                "Pod",
                (at, pod) ->
                        Recording.object(pod, "status").put("startTime", Alter.time(run, -320)));
        assertThat(run.word()).isNotEqualTo("unready-under-load");
    }

    /** Twin: out for one pass. */
    @Test
    void unreadyForOnePass() {
        assertThat(Alter.end(Recording.unready(), 28, "COMPLETED").word())
                .isNotIn("unready-under-load", "metrics-missing");
    }

    @Test
    void connectionsThatStay() {
        VerdictRecord verdict = Recording.pinned().judge();
        assertThat(verdict.verdict()).isEqualTo("scaled-without-gain");
        assertThat(verdict.sentence()).contains("connections are pinned");
    }
}
