package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Lack;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code scaled-without-gain}, and why. */
class WithoutGainTest {
    private static final String WORD = "scaled-without-gain";

    @Test
    void connectionsStayWithTheOldPod() {
        VerdictRecord verdict = Worlds.pinned().judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "It scaled to 3 pods, but throughput is 1 times what it was (2 would be enough): connections are pinned to the pods that were there when they were opened.");
        assertThat(verdict.evidence())
                .extracting(Evidence::value)
                .containsExactly("400/s", "400/s", "1", "0 of 1000", "100 %", "0 %", "0 %");
        assertThat(verdict.counterfactuals())
                .containsExactly(
                        new Counterfactual(
                                "maximum age of a connection",
                                "more than 88.5 s",
                                "78 s",
                                false,
                                "at most: the new pods were ready for 88.5 s of the load, and 10 windows of them have to come after every old connection has ended"));
    }

    /** As a JVM that is still compiling while it is alone: what grew later is not the new pods' work. */
    @Test
    void theOldPodGrewByItself() {
        VerdictRecord verdict = Worlds.pinned((at, pod) -> at < 21.5 ? 150 : 400).judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "It scaled to 3 pods, but that throughput is 2.67 times what it was is not the new pods' work: connections are pinned to the pods that were there when they were opened.");
    }

    /** A pod that is asked itself counts the probes and the observer among its connections. */
    @Test
    void connectionsStayByThePodsOwnCounts() {
        Recording run = Worlds.pinned();
        run.pods((at, pod, s) -> {
            ObjectNode own = (ObjectNode) s.remove("balancer");
            own.put("connections", own.path("connections").asLong() + (long) (1.2 * at));
            s.set("own", own);
        });
        run.remove(Recording.ofKind("latency"));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence()).contains("connections are pinned");
        assertThat(verdict.evidence())
                .extracting(Evidence::source)
                .anyMatch(s -> s.endsWith("by the pods' own metrics"));
    }

    @Test
    void newPodsWithLittleThoughConnectionsComeAndGo() {
        Recording run = Worlds.scaled((at, pod) -> pod.equals(Alter.FIRST) ? 420 : 30);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .endsWith("the new pods get less than half their fair share of the requests.");
        assertThat(verdict.counterfactuals()).isEmpty();
    }

    @Test
    void theHostIsFull() {
        Recording run = Worlds.scaled((at, pod) -> at < 21.5 ? 400 : 150);
        run.samples((at, s) -> Recording.object(s, "host").put("busySeconds", 1.95 * at));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence()).endsWith("the host is full.");
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .contains("the host was full: 97.8 % of its CPUs");
    }

    @Test
    void somethingThatTheyShare() {
        Recording run = idleHost(Worlds.scaled((at, pod) -> at < 21.5 ? 400 : 150));
        assertThat(run.judge().sentence())
                .endsWith(
                        "the new pods get their share, so something they have in common is the limit.");
    }

    @Test
    void somethingOtherThanTheirCpu() {
        Recording run = idleHost(Worlds.scaled((at, pod) -> at < 21.5 ? 400 : 150));
        Alter.cpu(run, (at, pod) -> at < 21.5 ? 1 : 0.4);
        assertThat(run.judge().sentence())
                .endsWith("no pod is saturated, so something other than their CPU is the limit.");
    }

    private static Recording idleHost(Recording run) {
        return run.samples((at, s) -> Recording.object(s, "host").put("busySeconds", 1.0 * at));
    }

    /** What only a balancer could tell is said to be unknown; that the new pods do nothing is seen by their CPU. */
    @Test
    void idleByTheirCpuWhereAnswersPerPodAreUnknown() {
        Recording run = idleHost(byTheGenerator(Worlds.pinned(), 400, 400));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .endsWith(
                        "the new pods stay idle, so the connections seem to stay with the old ones (the answers of each pod are unknown).");
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .contains("the new pods use at most 5m of CPU, of 510m in all");
    }

    @Test
    void whyIsUnknownWhereAnswersPerPodAreUnknown() {
        Recording run = idleHost(byTheGenerator(Worlds.scaled(), 400, 500));
        assertThat(run.judge().sentence())
                .endsWith("why is unknown, since the answers of each pod are.");
        run.podsWithout("cpuSeconds");
        assertThat(run.judge().sentence())
                .endsWith("why is unknown, since the answers of each pod are.");
    }

    /** The generator's own windows in the place of what the balancer counted. */
    private static Recording byTheGenerator(Recording run, int before, int after) {
        run.podsWithout("balancer").remove(Recording.ofKind("latency"));
        run.samples((at, s) -> s.remove("service"));
        ArrayNode windows = run.load().putArray("windows");
        long sum = 0;
        for (int i = 1; i <= 110; i++) {
            int answers = i < 22 ? before : after;
            sum += answers;
            windows.addObject()
                    .put("at", run.at(i))
                    .put("due", answers)
                    .put("answers", answers)
                    .put("failed", 0)
                    .put("late", 0)
                    .put("open", 1000);
        }
        run.load().put("answers", sum);
        Recording.object(run.load(), "latency").put("mean", 1000 * 110.4 / sum * 1000);
        return run;
    }

    /** Twin: from 9 to 10 pods a gain of a twentieth is enough. */
    @Test
    void aGainThatIsSmallSinceTheGrowthIs() {
        assertThat(nineToTen(1.06).word()).isEqualTo("scaled");
        assertThat(nineToTen(1.05).word()).isEqualTo(WORD);
    }

    /** A pod that was slower before than later makes a factor that nobody should plan with. */
    @Test
    void aGainBeyondThePodsIsSaidToBeOfSomethingElseToo() {
        String beyond = "more than pods alone can give";
        assertThat(nineToTen(1.4).judge().evidence()).anyMatch(e -> e.what().contains(beyond));
        assertThat(nineToTen(1.38).judge().evidence()).noneMatch(e -> e.what().contains(beyond));
    }

    /** As one that answers a thousand at once, then none for seconds: by the medians of 10 and 25 a second it would have gained. */
    @Test
    void answersThatComeInBurstsAreTakenByTheirMean() {
        Recording run = byTheGenerator(Worlds.pinned(), 100, 100);
        int second = 0;
        for (JsonNode window : run.load().path("windows")) {
            int quiet = ++second < 22 ? 10 : 25;
            ((ObjectNode) window).put("answers", second % 5 == 0 ? 500 - 4 * quiet : quiet);
        }
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.evidence())
                .anyMatch(e ->
                        e.what().contains("the mean of ")
                                && e.what().endsWith("since they come in bursts"));
    }

    static Recording nineToTen(double gain) {
        Recording run = Worlds.scaled();
        List<String> old = List.of("pod-a", "d", "e", "f", "g", "h", "i", "j", "k");
        run.samples((at, sample) -> {
            ArrayNode pods = (ArrayNode) sample.path("pods");
            JsonNode first = null;
            for (int i = pods.size() - 1; i >= 0; i--) {
                String name = pods.path(i).path("pod").asString();
                first = name.equals("pod-a") ? pods.path(i) : first;
                if (name.equals("pod-c")) {
                    pods.remove(i);
                }
            }
            for (String name : old.subList(1, 9)) {
                if (first != null) {
                    pods.add(((ObjectNode) first.deepCopy()).put("pod", name));
                }
            }
            ObjectNode replicas = Recording.object(sample, "replicas");
            replicas.put("desired", at < 14.6 ? 9 : 10).put("current", at < 14.6 ? 9 : 10);
            replicas.put("ready", at < 21 ? 9 : 10);
        });
        run.remove(l -> l.path("name").asString().equals("pod-c"));
        run.objects(
                "Deployment",
                (at, d) -> Recording.object(d, "spec").put("replicas", at < 14 ? 9 : 10));
        run.hpa((at, hpa) -> {
            Recording.object(hpa, "status")
                    .put("currentReplicas", at < 20 ? 9 : 10)
                    .put("desiredReplicas", at < 14 ? 9 : 10);
            Recording.object(hpa, "spec").put("maxReplicas", 10);
        });
        Alter.serve(run, (at, pod) -> at < 20 ? (pod.equals("pod-b") ? 0 : 100) : 90 * gain, false);
        Alter.cpu(run, (at, pod) -> 1);
        Recording.object(run.deployment(), "target", "autoscaler").put("maxReplicas", 10);
        return run;
    }

    @Test
    void withoutAPhaseBeforeItLacks() {
        Recording early = Worlds.scaled();
        early.load().put("start", early.at(8));
        early.load().path("use");
        Alter.cpu(early, (at, pod) -> 0.5);
        assertThat(early.judge().lacking())
                .contains(new Lack(WORD, "a phase before the scale-out that is long enough"));
    }

    @Test
    void withAConstantRateThatIsStillNotAnsweredInTime() {
        Recording run = Worlds.scaled();
        Alter.constantRate(run, 600, 200).thresholds(Limits.percentileBelow(99, 100));
        Alter.cpu(run, (at, pod) -> 1);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.findings())
                .filteredOn(f -> f.word().equals(WORD))
                .singleElement()
                .satisfies(f ->
                        assertThat(f.sentence())
                                .startsWith(
                                        "It scaled to 3 pods, but the service is still outside what was asked"));
    }
}
