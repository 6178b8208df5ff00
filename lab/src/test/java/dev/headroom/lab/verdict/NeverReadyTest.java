package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The target never became ready, so no load was sent. */
class NeverReadyTest {
    /** Reasons as {@code reason source}, in the order in which they were found. */
    private static Recording withReasons(String... reasons) {
        Recording run = Recording.autoscaling();
        ObjectNode rollout = Recording.object(run.deployment(), "rollout");
        rollout.put("ready", false).put("seconds", 180).put("readyReplicas", 0);
        ArrayNode found = rollout.putArray("reasons");
        for (String reason : reasons) {
            String[] parts = reason.split(" ");
            found.addObject()
                    .put("at", run.at(-10))
                    .put("object", "Pod/pod-a")
                    .put("reason", parts[0])
                    .put("message", "because of " + parts[0])
                    .put("source", parts.length > 1 ? parts[1] : "status");
        }
        run.deployment().remove("wayIn");
        return run;
    }

    static VerdictRecord noImage() {
        return judge(withReasons("ErrImagePull"));
    }

    private static VerdictRecord judge(Recording run) {
        return Judge.judge(run.experiment(), run.deploymentRecord(), null, List.of());
    }

    /** Nothing was measured, so nothing was promised either: that is no success. */
    @Test
    void withoutAnExpectationTheNumberIsRefused() {
        assertThat(judge(withReasons("CrashLoopBackOff").expect(null)).exitCode()).isEqualTo(3);
        assertThat(judge(withReasons("CrashLoopBackOff").expect(Verdict.CRASHING)).exitCode())
                .isZero();
    }

    /** As {@code kill -9} under load leaves it. */
    @Test
    void aLoadThatBeganAndLeftNoRecord() {
        Recording run = Recording.autoscaling();
        VerdictRecord verdict =
                Judge.judge(run.experiment(), run.deploymentRecord(), null, run.observations());
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.sentence()).contains("the load began, but the run ended before");
    }

    @ParameterizedTest
    @CsvSource({
        "ErrImagePull, not-ready",
        "ImagePullBackOff, not-ready",
        "NotReady, not-ready",
        "CreateContainerConfigError, not-ready",
        "CrashLoopBackOff, crashing",
        "Error, crashing",
        "OOMKilled, crashing",
        "Completed, crashing",
        "Unschedulable, unschedulable",
        "FailedScheduling, unschedulable"
    })
    void byWhatTheStatusSays(String reason, String expected) {
        VerdictRecord verdict = judge(withReasons(reason));
        assertThat(verdict.verdict()).isEqualTo(expected);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "The target did not become ready within 180 s, so no load was sent: Pod/pod-a "
                                + reason
                                + ": because of "
                                + reason
                                + ".");
        assertThat(verdict.evidence())
                .extracting(Evidence::value)
                .containsExactly(reason, "0 of 1");
    }

    @Test
    void theMostTellingOfSeveral() {
        VerdictRecord verdict =
                judge(withReasons("Error log", "NotReady", "Unschedulable", "CrashLoopBackOff"));
        assertThat(verdict.verdict()).isEqualTo("crashing");
        assertThat(verdict.evidence())
                .extracting(Evidence::value)
                .containsExactly(
                        "CrashLoopBackOff", "Error", "NotReady", "Unschedulable", "0 of 1");
        assertThat(judge(withReasons("NotReady", "Unschedulable")).verdict())
                .isEqualTo("unschedulable");
        assertThat(judge(withReasons("Error log")).verdict()).isEqualTo("not-ready");
    }

    @Test
    void notMoreReasonsThanPeopleRead() {
        assertThat(judge(withReasons("A", "B", "C", "D", "E", "F", "G", "H")).evidence())
                .extracting(Evidence::value)
                .containsExactly("A", "B", "C", "D", "E", "F", "0 of 1");
    }

    @Test
    void withoutAnyReason() {
        VerdictRecord verdict = judge(withReasons());
        assertThat(verdict.verdict()).isEqualTo("not-ready");
        assertThat(verdict.sentence())
                .contains("Deployment/iris-api-deployment NotReady: 0 of 1 are ready");
        assertThat(verdict.evidence().getFirst().what())
                .isEqualTo("0 of 1 replicas were ready after 180 s, when waiting ended");
    }

    @Test
    void thresholdsCouldNotBeJudged() {
        Recording run = withReasons("ErrImagePull");
        run.expect(Verdict.NOT_READY, Limits.failedBelow(0.001));
        VerdictRecord verdict = judge(run);
        assertThat(verdict.exitCode()).isZero();
        assertThat(verdict.expectations())
                .containsExactly(
                        new Expectation("verdict", "not-ready", "not-ready", true, null),
                        new Expectation(
                                "http_req_failed", "rate<0.001", null, null, "no load was sent"));
        assertThat(judge(run.expect(Verdict.SCALED)).exitCode()).isEqualTo(99);
        assertThat(judge(run.expect(null, Limits.failedBelow(0.001))).exitCode()).isEqualTo(3);
    }

    @Test
    void readyAndYetWithoutLoadIsInconclusive() {
        VerdictRecord verdict = judge(Recording.autoscaling());
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.exitCode()).isEqualTo(3);
        assertThat(verdict.constants()).isNotEmpty();
    }
}
