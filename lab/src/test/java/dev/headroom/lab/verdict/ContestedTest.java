package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code contested}, and what looks like it. */
class ContestedTest {
    private static final String WORD = "contested";
    private static final String DEPLOYMENT = "iris-api-deployment";

    private static Recording scale(Recording run, double seconds, int replicas, String manager) {
        return run.change(
                seconds,
                "Deployment",
                DEPLOYMENT,
                (at, object) -> {
                    Recording.object(object, "spec").put("replicas", replicas);
                    owner(run, object, at, manager);
                });
    }

    private static void owner(Recording run, ObjectNode object, double at, String manager) {
        ObjectNode entry =
                Recording.object(object, "metadata").putArray("managedFields").addObject();
        entry.put("manager", manager).put("operation", "Update").put("subresource", "scale");
        entry.put("time", Alter.time(run, at));
        entry.putObject("fieldsV1").putObject("f:spec").putObject("f:replicas");
    }

    static Recording contested() {
        return scale(Worlds.scaled(), 62, 2, "kubectl");
    }

    @Test
    void somebodyScalesAgainstTheLastDecision() {
        VerdictRecord verdict = contested().judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "kubectl set the replicas from 3 to 2 under load, against the autoscaler's decision of 3.");
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .containsExactly(
                        "kubectl set the replicas from 3 to 2 62 s into the load",
                        "the autoscaler's last decision was 3 replicas");
    }

    /** The recorded rise itself, written by somebody else before the autoscaler had decided it. */
    @Test
    void theWriterOfTheRiseIsAnother() {
        Recording run = Worlds.scaled();
        run.hpa((at, hpa) -> {
            if (at > 10 && at < 20) {
                Recording.object(hpa, "status").put("desiredReplicas", 2);
            }
        });
        run.objects(
                "Deployment",
                (at, object) -> {
                    for (JsonNode entry : Kube.at(object, "metadata", "managedFields")) {
                        ((ObjectNode) entry).put("manager", "argocd-controller");
                    }
                });
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "argocd-controller set the replicas from 1 to 3 under load, against the autoscaler's decision of 2.");
    }

    /** Twin: a person scales before the load starts. */
    @Test
    void beforeTheLoad() {
        Recording run = scale(Worlds.full(3), -3, 2, "kubectl");
        scale(run, -1, 1, "kubectl");
        assertThat(run.word()).isEqualTo("not-scaled");
    }

    @Test
    void afterTheLoad() {
        assertThat(scale(Worlds.scaled(), 111, 2, "kubectl").word()).isEqualTo("scaled");
    }

    @Test
    void toWhatTheAutoscalerHadDecidedAnyhow() {
        Recording run = Worlds.scaled();
        scale(run, 60, 2, "kube-controller-manager");
        scale(run, 62, 3, "kubectl");
        assertThat(run.word()).isEqualTo("scaled");
    }

    @Test
    void whereTheWriterIsNotKnownTheAutoscalersStatusTells() {
        Recording run = Worlds.scaled();
        run.objects(
                "Deployment",
                (at, object) -> Recording.object(object, "metadata").remove("managedFields"));
        assertThat(run.word()).isEqualTo("scaled");
        run.change(
                62,
                "Deployment",
                DEPLOYMENT,
                (at, object) -> Recording.object(object, "spec").put("replicas", 2));
        assertThat(run.judge().sentence()).startsWith("somebody else set the replicas from 3 to 2");
    }

    @Test
    void whereTheWriterIsNotKnownTheAutoscalersEventTells() {
        Recording run = Worlds.scaled();
        run.objects(
                "Deployment",
                (at, object) -> Recording.object(object, "metadata").remove("managedFields"));
        run.change(
                62,
                "Deployment",
                DEPLOYMENT,
                (at, object) -> Recording.object(object, "spec").put("replicas", 2));
        run.event(
                64,
                "HorizontalPodAutoscaler",
                "iris-api-hpa",
                "SuccessfulRescale",
                "New size: 2; reason: All metrics below target");
        assertThat(run.word()).isEqualTo("scaled");
    }

    @Test
    void beforeItsFirstDecisionThereIsNothingToContest() {
        Recording run = scale(Worlds.full(3), 10, 2, "kubectl");
        run.hpa((at, hpa) -> hpa.remove("status"));
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void theLastOfSeveralManagersWroteIt() {
        Recording run = Worlds.scaled();
        run.objects(
                "Deployment",
                (at, object) -> {
                    ObjectNode entry =
                            Recording.object(object, "metadata")
                                    .withArray("managedFields")
                                    .addObject();
                    entry.put("manager", "helm").put("time", Alter.time(run, -900));
                    entry.putObject("fieldsV1").putObject("f:spec").putObject("f:replicas");
                });
        assertThat(run.word()).isEqualTo("scaled");
    }

    @Test
    void withoutTheChangesOfTheTargetItLacks() {
        VerdictRecord verdict = Worlds.scaled().remove(Recording.changesOf("Deployment")).judge();
        assertThat(verdict.lacking())
                .contains(
                        new VerdictRecord.Lack(
                                WORD,
                                "the changes of Deployment/iris-api-deployment and its autoscaler"));
    }
}
