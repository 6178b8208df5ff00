package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The setting that would have changed a verdict: its value, and when none is named since none can be computed. */
class CounterfactualsTest {
    private static List<String> values(Cause cause, Small run) {
        return Counterfactuals.of(cause, run.run()).stream().map(Counterfactual::value).toList();
    }

    /** The timeout was 5 s; answers took so many milliseconds, by their 99th percentile. */
    @ParameterizedTest
    @CsvSource({"5000,", "5001, 6"})
    void aTimeoutIsTooShortOnlyBelowWhatAnswersTook(double millis, @Nullable String seconds) {
        Small run = new Small();
        run.answers = 10;
        run.latency =
                new LoadRecord.Latency(
                        "a test", 10, false, 1, 5, 0, millis, Map.of("p99", millis), null);
        Cause cause = new Cause.UnreadyUnderLoad("a", "the probe", 5.0, 10, 2, 1, null);
        assertThat(values(cause, run)).isEqualTo(seconds == null ? List.of() : List.of(seconds));
    }

    /** At most 2 % of its request: 2 over a target of 1 exceeds the tolerance, and no target is below 1 %. */
    @Test
    void aTargetIsAtLeastOnePercent() {
        assertThat(values(new Cause.TargetUnreachable(2, 120, 0.5, 0.01), new Small()))
                .containsExactly("1 %", "661m");
        assertThat(values(new Cause.TargetUnreachable(1, 120, 0.5, 0.005), new Small()))
                .containsExactly("661m");
    }

    /** Two full pods at their maximum, for which nine were asked. */
    private static Counterfactual replicas(Small run, @Nullable Double throughput) {
        Phase phase =
                Small.phase(
                        0, 25, throughput, Small.pod("a", null, true), Small.pod("b", null, true));
        return Counterfactuals.of(new Cause.AtMaximum(2, 9, 2, true, phase), run.run()).getFirst();
    }

    @Test
    void whatOnePodCarriesIsItsPartOfTheThroughput() {
        assertThat(replicas(new Small().scaledUpTo(2), 800.0).why())
                .endsWith("one pod saturates at 400/s");
    }

    /** With a constant rate the replicas needed are exact; what an answer costs is not known here. */
    @ParameterizedTest
    @CsvSource({"800, 2", "801, 3", "1600, 4"})
    void theReplicasThatCarryARate(double rate, String needed) {
        Small run = new Small().scaledUpTo(2).atRate(rate);
        run.containers.add(
                new DeploymentRecord.Container("web", "web", null, 0.5, 0.5, null, null));
        Counterfactual found = replicas(run, 800.0);
        assertThat(found.value()).isEqualTo(needed);
        assertThat(found.atLeast()).isFalse();
        assertThat(found.why()).endsWith(" is " + needed);
    }

    @Test
    void podsThatAnsweredNothingCarryNothing() {
        Counterfactual found = replicas(new Small().scaledUpTo(2).atRate(800), 0.0);
        assertThat(found.value()).isEqualTo("9");
        assertThat(found.atLeast()).isTrue();
    }

    /** Each pod used half a core for 400 answers a second, over 20 s; this is its request. */
    private static Small used(@Nullable Double request) {
        Small run = new Small().scaledUpTo(2).atRate(800);
        run.containers.add(
                new DeploymentRecord.Container("web", "web", null, request, 0.5, null, null));
        return run.see(
                Small.sample(5, Small.using("a", 0.0, null), Small.using("b", 0.0, null)),
                Small.sample(25, Small.using("a", 10.0, null), Small.using("b", 10.0, null)));
    }

    /** 800 a second take one core; half of 500m is 250m: four pods. */
    @Test
    void theTargetMayAskForMoreThanTheLoadNeeds() {
        Counterfactual found = replicas(used(0.5), 800.0);
        assertThat(found.value()).isEqualTo("4");
        assertThat(found.why())
                .endsWith("at 1,250 µs of CPU an answer the target of 50 % asks for 4");
    }

    @Test
    void withoutARequestTheTargetAsksForNothing() {
        assertThat(replicas(used(null), 800.0).why()).endsWith(" is 2");
        assertThat(replicas(used(0.0), 800.0).why()).endsWith(" is 2");
    }

    /** Ten windows have to come after every old connection has ended. */
    @ParameterizedTest
    @CsvSource({"11, 1 s", "10.999,"})
    void anAgeOfConnectionsIsAtLeastASecond(double ready, @Nullable String age) {
        Phase phase = Small.phase(0, 25, 400.0, Small.pod("a"), Small.pod("b"));
        Gain gain = new Gain(null, phase, 1.0, 1.5, false, List.of());
        assertThat(values(new Cause.WithoutGain(gain, true, "", ready), new Small()))
                .isEqualTo(age == null ? List.of() : List.of(age));
    }
}
