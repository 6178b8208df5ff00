package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code crashing}, {@code not-ready} and {@code unschedulable} under load, and what looks like them. */
class MissingTest {
    /** The new pods do not come, for the reason that their status gives; one comes at last, or never. */
    private static Recording missing(double until, Consumer<ObjectNode> status) {
        Recording run = Recording.autoscaling();
        Alter.serve(run, (at, pod) -> pod.equals(Alter.FIRST) ? 400 : 0, false);
        Alter.cpu(run, (at, pod) -> pod.equals(Alter.FIRST) ? 1 : 0);
        run.objects(
                "Pod",
                (at, pod) -> {
                    if (!Kube.text(pod, "metadata", "name").equals(Alter.FIRST) && at < until) {
                        Alter.condition(pod, "Ready", "False", "ContainersNotReady", "not ready");
                        status.accept(Recording.object(pod, "status"));
                    }
                });
        run.samples((at, sample) -> {
            if (at < until) {
                Recording.object(sample, "replicas").put("ready", 1);
                for (JsonNode pod : sample.path("pods")) {
                    boolean first = pod.path("pod").asString().equals(Alter.FIRST);
                    ((ObjectNode) pod).put("ready", first);
                }
            }
        });
        Recording.object(run.load(), "errors").put("timeout", 0);
        Recording.object(run.load(), "latency").put("cutOff", false);
        return run;
    }

    private static void containers(ObjectNode status, String json) {
        status.set("containerStatuses", Recording.tree("{\"c\":[" + json + "]}").path("c"));
    }

    private static void crashLoop(ObjectNode status) {
        containers(
                status,
                "{\"name\":\"iris-api\",\"restartCount\":3,\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}},\"lastState\":{\"terminated\":{\"exitCode\":137,\"reason\":\"OOMKilled\"}}}");
    }

    private static void unschedulable(ObjectNode status) {
        status.remove("containerStatuses");
        status.putArray("conditions")
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "False")
                .put("reason", "Unschedulable")
                .put("message", "0/1 nodes are available: 1 Insufficient cpu.");
    }

    static Recording crashing() {
        return crashing(200);
    }

    /** Until so many seconds into the load. */
    static Recording crashing(double until) {
        return missing(until, MissingTest::crashLoop);
    }

    static Recording noPlace() {
        return missing(200, MissingTest::unschedulable);
    }

    @Test
    void newPodsThatEndAgainAndAgain() {
        VerdictRecord verdict = crashing().judge();
        assertThat(verdict.verdict()).isEqualTo("crashing");
        assertThat(verdict.sentence())
                .startsWith("Fewer pods were ready than wanted for 95")
                .endsWith(
                        "CrashLoopBackOff: container iris-api ended with exit code 137, 3 restarts.");
    }

    @Test
    void newPodsThatHaveNoPlace() {
        VerdictRecord verdict = noPlace().judge();
        assertThat(verdict.verdict()).isEqualTo("unschedulable");
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .anyMatch(w ->
                        w.endsWith("Unschedulable: 0/1 nodes are available: 1 Insufficient cpu."));
    }

    @Test
    void newPodsWhoseImageIsNotThere() {
        Recording run =
                missing(
                        200,
                        s ->
                                containers(
                                        s,
                                        "{\"name\":\"iris-api\",\"restartCount\":0,\"state\":{\"waiting\":{\"reason\":\"ImagePullBackOff\",\"message\":\"Back-off pulling image\"}}}"));
        run.event(40, "Pod", "pod-b", "Failed", "Failed to pull image");
        run.event(41, "Pod", "pod-b", "Unhealthy", "later");
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("not-ready");
        assertThat(verdict.sentence()).endsWith("ImagePullBackOff: Back-off pulling image.");
        assertThat(verdict.evidence()).extracting(Evidence::value).last().isEqualTo("Failed");
    }

    @Test
    void newPodsThatRunAndAreNotReady() {
        VerdictRecord verdict = missing(200, s -> {}).judge();
        assertThat(verdict.verdict()).isEqualTo("not-ready");
        assertThat(verdict.sentence()).contains("ContainersNotReady: not ready");
    }

    @Test
    void newPodsThatCannotEvenBeCreated() {
        Recording run = missing(200, s -> {});
        run.remove(l ->
                Recording.changesOf("Pod").test(l)
                        && !l.path("name").asString().equals(Alter.FIRST));
        assertThat(run.word()).isNotEqualTo("not-ready");
        run.event(20, "ReplicaSet", "iris-api-x", "FailedCreate", "exceeded quota: cpu");
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("not-ready");
        assertThat(verdict.sentence())
                .endsWith("ReplicaSet/iris-api-x FailedCreate: exceeded quota: cpu.");
    }

    /** Twin: a slow start that ends in time. */
    @Test
    void aSlowStartThatEndsInTime() {
        Recording run = slow(60);
        assertThat(run.word()).isNotIn("not-ready", "crashing", "unschedulable");
    }

    @Test
    void aSlowStartThatLeavesNoPhase() {
        assertThat(slow(100).word()).isEqualTo("not-ready");
    }

    private static Recording slow(double until) {
        Recording run = missing(until, s -> {});
        for (String pod : new String[] {"pod-b", "pod-c"}) {
            Alter.ready(run, pod, until, true);
        }
        return run;
    }

    @Test
    void lessThanHalfAMinuteIsNotLong() {
        assertThat(Alter.end(missing(200, s -> {}), 44, "COMPLETED").word())
                .isNotEqualTo("not-ready");
        assertThat(Alter.end(missing(200, s -> {}), 47, "COMPLETED").word()).isEqualTo("not-ready");
    }

    @Test
    void oneThatStartedTwiceIsNoSlowStart() {
        Recording run = slow(60);
        run.objects(
                "Pod",
                (at, pod) -> {
                    if (Kube.text(pod, "metadata", "name").equals("pod-b")) {
                        crashLoop(Recording.object(pod, "status"));
                    }
                });
        assertThat(run.word()).isEqualTo("crashing");
    }

    @Test
    void aCrashIsTriedBeforeAnyOtherReason() {
        Recording run = missing(200, MissingTest::unschedulable);
        run.objects(
                "Pod",
                (at, pod) -> {
                    if (Kube.text(pod, "metadata", "name").equals("pod-c")) {
                        Recording.object(pod, "status").remove("conditions");
                        crashLoop(Recording.object(pod, "status"));
                    }
                });
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("crashing");
        assertThat(verdict.findings())
                .extracting(VerdictRecord.Finding::word)
                .contains("unschedulable");
    }

    @Test
    void withoutPodsItLacks() {
        Recording run = missing(200, s -> {}).remove(Recording.changesOf("Pod"));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.lacking())
                .extracting(VerdictRecord.Lack::rule)
                .contains("crashing", "not-ready", "unschedulable");
    }
}
