package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Lack;
import org.junit.jupiter.api.Test;

/** A port-forward leads to one pod, whatever connections do: of gain it tells nothing. */
class PortForwardTest {
    private static Recording by(Recording run, String how) {
        Recording.object(run.deployment(), "wayIn").put("how", how);
        return run;
    }

    @Test
    void pinnedByTheWayInIsNoVerdictOnConnections() {
        assertThat(by(Worlds.pinned(), "NodePort").word()).isEqualTo("scaled-without-gain");
        VerdictRecord verdict = by(Worlds.pinned(), "port-forward").judge();
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.sentence()).contains("port-forward, which leads to one");
        assertThat(verdict.lacking())
                .contains(new Lack("scaled-without-gain", Lacking.wayIn()))
                .contains(new Lack("scaled-too-late", Lacking.wayIn()))
                .contains(new Lack("scaled", Lacking.wayIn()));
    }

    @Test
    void aGainThatItCanNotHaveBroughtIsNotBelieved() {
        assertThat(by(Recording.autoscaling(), "NodePort").word()).isEqualTo("scaled");
        assertThat(by(Recording.autoscaling(), "port-forward").word()).isEqualTo("inconclusive");
    }

    /** What does not speak of gain is judged as ever. */
    @Test
    void otherVerdictsStay() {
        assertThat(by(Recording.unready(), "port-forward").word()).isEqualTo("unready-under-load");
    }
}
