package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Lack;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code invalid}: the measurement itself was the limit; and what only looks like it. */
class SoundnessTest {
    private static final String WORD = "invalid";

    static Recording connections(Recording run, @Nullable Integer opened, long files) {
        Recording.object(run.load(), "connections").put("opened", opened);
        Recording.object(run.load(), "generator").put("openFilesLimit", files);
        return run;
    }

    @Test
    void fewerConnectionsThanAskedForByTheLimitOfFiles() {
        VerdictRecord verdict = connections(Worlds.full(1), 243, 256).judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.exitCode()).isEqualTo(3);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "The measurement was the limit: the load generator had 243 connections open at most, of 1,000 asked for; it may open only 256 files.");
        assertThat(verdict.counterfactuals())
                .containsExactly(
                        new Counterfactual(
                                "ulimit -n",
                                "256",
                                "1064",
                                true,
                                "a file for each of the 1,000 connections, and 64 for the generator's own"));
        assertThat(connections(Worlds.full(1), null, 256).word()).isEqualTo(WORD);
    }

    @ParameterizedTest
    @CsvSource({
        "989, 20000, invalid",
        "990, 20000, bottleneck-max-replicas",
        "1000, 999, bottleneck-max-replicas"
    })
    void connectionsCountedOnceASecondMayBeOneInAHundredShort(
            int opened, long files, String expected) {
        VerdictRecord verdict = connections(Worlds.full(1), opened, files).judge();
        assertThat(verdict.verdict()).isEqualTo(expected);
        assertThat(verdict.counterfactuals())
                .extracting(Counterfactual::setting)
                .doesNotContain("ulimit -n");
    }

    private static Recording use(Recording run, int of10, double cores, @Nullable Double lag) {
        ArrayNode use = run.load().putArray("use");
        for (int i = 1; i <= 110; i++) {
            ObjectNode second = use.addObject().put("at", run.at(i));
            second.put("cpuCores", i % 10 < of10 ? cores : 0.1);
            if (lag != null) {
                second.put("lagP99Millis", i % 10 < of10 ? lag : 1);
            }
        }
        return run;
    }

    @Test
    void theGeneratorIsFullWhileNoPodIs() {
        Recording run = use(Worlds.full(1), 3, 1.8, null);
        Alter.cpu(run, (at, pod) -> 0.5);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .endsWith(
                        "the load generator used 90 % or more of its 2 CPUs in 31 of 110 seconds while no pod was saturated.");
        assertThat(use(run, 3, 1.79, null).word()).isNotEqualTo(WORD);
        assertThat(use(run, 2, 1.8, null).word()).isNotEqualTo(WORD);
    }

    /** Twin: it is full, and so is a pod. */
    @Test
    void theGeneratorIsFullWhileAPodIs() {
        assertThat(use(Worlds.full(1), 10, 2, null).word()).isEqualTo("bottleneck-max-replicas");
        Recording unknown = use(Worlds.full(1), 10, 2, null);
        unknown.podsWithout("cpuSeconds").podsWithout("throttledPeriods");
        assertThat(unknown.word()).isNotEqualTo(WORD);
    }

    @ParameterizedTest
    @CsvSource({"3, 11, invalid", "3, 10, held", "1, 50, held"})
    void itsLoopLagsUnderAConstantRate(int of10, double lag, String expected) {
        assertThat(use(Worlds.calm(1), of10, 0.1, lag).word()).isEqualTo(expected);
    }

    /** In a closed loop against full pods, lag counts where it is not small against the latency: here 2.5 s. */
    @ParameterizedTest
    @CsvSource({"240, bottleneck-max-replicas", "260, invalid"})
    void itsLoopLagsInAClosedLoop(double lag, String expected) {
        Recording run = use(Worlds.full(1), 10, 0.1, lag);
        Recording.object(run.load(), "latency").put("mean", 2500);
        assertThat(run.word()).isEqualTo(expected);
    }

    private static void windows(Recording run, String field, int value) {
        run.load().path("windows").forEach(w -> ((ObjectNode) w).put(field, value));
    }

    @ParameterizedTest
    @CsvSource({"100, held", "98, held", "97, invalid", "103, invalid"})
    void theRateIsMissed(int due, String expected) {
        Recording run = Worlds.calm(1);
        windows(run, "due", due);
        assertThat(run.word()).isEqualTo(expected);
    }

    /** All of them connected, but most in nobody's hands. */
    @Test
    void aBalancerWithoutFilesForAllConnections() {
        Recording run = connections(Worlds.full(1), 1000, 1024);
        run.samples((at, s) -> Recording.object(s, "service").put("open", 432));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .contains(
                        "the balancer had 432 connections open at most, of 1,000 asked for; it may open only 1,024 files");
        run.samples((at, s) -> Recording.object(s, "service").put("open", 995));
        assertThat(run.word()).isNotEqualTo(WORD);
        run.samples((at, s) -> Recording.object(s, "service").put("open", 432));
        assertThat(connections(run, 1000, 2160).judge().sentence()).doesNotContain("balancer had");
    }

    /** What was due and not answered, with pods that are not full: the connections were too few. */
    @ParameterizedTest
    @CsvSource({"98, held", "97, invalid"})
    void theRateIsNotAnswered(int answers, String expected) {
        Recording run = Worlds.calm(1);
        windows(run, "answers", answers);
        assertThat(run.word()).isEqualTo(expected);
    }

    @Test
    void aBacklogOfAFullPodIsThePods() {
        Recording run = Worlds.full(1);
        Alter.constantRate(run, 1000, 5);
        Alter.serve(run, (at, pod) -> Worlds.CAPACITY, false);
        windows(run, "answers", 400);
        assertThat(run.word()).isEqualTo("bottleneck-max-replicas");
    }

    /** A pod below its limit that waits for a CPU this part of a second, on a host of two CPUs. */
    private static Recording host(double busy, double waits) {
        Recording run = Worlds.full(1).setting("cpuScale", "1");
        Alter.cpu(run, (at, pod) -> 0.5);
        run.pods((at, pod, s) -> s.put("runQueueSeconds", waits * at));
        return run.samples((at, s) -> Recording.object(s, "host").put("busySeconds", busy * at));
    }

    @ParameterizedTest
    @CsvSource({"1.95, 0.10, true", "1.85, 0.10, false", "1.95, 0.06, false"})
    void theHostIsFullWhileAPodWaits(double busy, double waits, boolean invalid) {
        VerdictRecord verdict = host(busy, waits).judge();
        assertThat(verdict.verdict().equals(WORD)).isEqualTo(invalid);
        if (invalid) {
            assertThat(verdict.sentence())
                    .contains("waited for a CPU 28.6 % of the time it would run");
        }
    }

    @Test
    void aPodWithNextToNothingToDoDoesNotWait() {
        Recording run = host(1.95, 0.04);
        Alter.cpu(run, (at, pod) -> 0.02);
        run.pods((at, pod, s) -> s.put("runQueueSeconds", 0.04 * at));
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void aNodeCpuThatIsAFractionOfOneOfTheHost() {
        // 0.25 node CPU is 0.025 of the host's: to wait 0.06 s for it in each second is long.
        assertThat(host(1.95, 0.06).setting("cpuScale", "0.1").word()).isEqualTo(WORD);
    }

    @Test
    void timeTakenByTheHypervisorIsNotOurs() {
        Recording run = host(0.95, 0.1);
        run.samples((at, s) -> Recording.object(s, "host").put("stealSeconds", 1.0 * at));
        assertThat(run.word()).isEqualTo(WORD);
    }

    @Test
    void aFullPodDoesNotWaitForTheHost() {
        Recording run = host(1.95, 0.5);
        Alter.cpu(run, (at, pod) -> 1);
        run.pods((at, pod, s) -> s.put("runQueueSeconds", 0.5 * at));
        assertThat(run.word()).isEqualTo("bottleneck-max-replicas");
    }

    private static Recording balancer(Recording run, double factor) {
        return run.samples((at, s) -> {
            JsonNode service = s.path("service");
            if (service.path("mean").isNumber()) {
                ((ObjectNode) service).put("mean", service.path("mean").asDouble() * factor);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"0.87, true", "1.16, true", "0.92, false", "1.1, false"})
    void littlesLawInAPhase(double factor, boolean invalid) {
        VerdictRecord verdict = balancer(Worlds.full(1), factor).judge();
        assertThat(verdict.verdict().equals(WORD)).isEqualTo(invalid);
        if (invalid) {
            assertThat(verdict.sentence()).contains("Little's law fails in the phase from 0 s");
        }
    }

    /** Five answers a second for a thousand connections: the few that came early do not contradict those that still wait. */
    @Test
    void fewerAnswersThanConnectionsProveNothing() {
        Recording run = Worlds.full(1);
        Alter.serve(run, (at, pod) -> 5, false);
        assertThat(balancer(run, 0.05).word()).isNotEqualTo(WORD);
    }

    @Test
    void aFewMillisecondsAreClocksAndWakeUps() {
        Recording run = Worlds.full(1);
        Alter.serve(run, (at, pod) -> 20_000, false);
        assertThat(balancer(run, 0.85).word()).isNotEqualTo(WORD);
    }

    /** Connections that are refused wait for no answer: the law holds with those that are open. */
    @Test
    void littlesLawWithConnectionsThatAreRefused() {
        Recording run = balancer(Worlds.full(1), 0.3);
        run.samples((at, s) -> Recording.object(s, "service").put("open", 300));
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    /** Answers that failed are answers all the same. */
    @Test
    void littlesLawWithAnswersThatFail() {
        Recording run = Worlds.full(1);
        run.pods((at, pod, s) -> {
            ObjectNode traffic = Recording.object(s, "balancer");
            traffic.put("failed", traffic.path("answers").asLong() / 2);
        });
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isNotEqualTo(WORD);
        assertThat(verdict.phases().getFirst().throughput()).isBetween(199.0, 201.0);
    }

    @ParameterizedTest
    @CsvSource({"2500, false", "2300, false", "2100, true", "3000, true"})
    void littlesLawOverTheLoadByTheGenerator(double mean, boolean invalid) {
        Recording run = Worlds.full(1);
        ArrayNode windows = run.load().putArray("windows");
        for (int i = 1; i <= 110; i++) {
            ObjectNode window = windows.addObject();
            window.put("at", run.at(i)).put("due", 400).put("answers", 400);
            window.put("failed", 0).put("late", 0).put("open", 1000);
        }
        Recording.object(run.load(), "latency").put("mean", mean);
        assertThat(run.word().equals(WORD)).isEqualTo(invalid);
        Recording.object(run.load(), "latency").put("cutOff", true);
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1400, false", "1500, true", "-1400, false", "-1500, true"})
    void countsThatDoNotAddUp(long apart, boolean invalid) {
        Recording run = Worlds.full(1);
        run.load().put("answers", run.load().path("answers").asLong() + apart);
        assertThat(run.word().equals(WORD)).isEqualTo(invalid);
    }

    /** wrk's late answers are no fault of the measurement: they are counted, and latency is taken from elsewhere. */
    @Test
    void answersLaterThanWrksTimeLimit() {
        Recording run = Worlds.full(1);
        Recording.object(run.load(), "errors").put("timeout", 43_000);
        Recording.object(run.load(), "latency").put("cutOff", true).put("counted", 400);
        VerdictRecord verdict = run.thresholds(Limits.percentileBelow(99, 2000)).judge();
        assertThat(verdict.verdict()).isEqualTo("bottleneck-max-replicas");
        assertThat(verdict.findings())
                .extracting(VerdictRecord.Finding::word)
                .contains("latency-cut-off");
        assertThat(verdict.expectations())
                .last()
                .satisfies(e -> {
                    assertThat(e.met()).isFalse();
                    assertThat(e.note()).startsWith("by the balancer and N/X, since 43,000");
                });
    }

    @Test
    void whatCouldNotBeCheckedIsSaid() {
        Recording run = Worlds.full(1);
        Recording.object(run.load(), "connections").remove("opened");
        run.load().putArray("use");
        run.samples((at, s) -> s.remove("host"));
        run.remove(Recording.ofKind("latency"));
        assertThat(run.judge().lacking())
                .contains(
                        new Lack(
                                WORD,
                                "how many connections were open, the load generator's own CPU, the host's CPU and the pods' waits for it and the balancer's count of answers"));
    }

    @Test
    void otherThingsThatHeldAreFindingsBeside() {
        assertThat(connections(Worlds.full(1), 243, 256).judge().findings())
                .extracting(VerdictRecord.Finding::word)
                .contains("bottleneck-max-replicas");
    }
}
