package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Replicas;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.verdict.Counters.Growth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The small parts: words for numbers, fields of objects, counters. */
class PartsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0", "17292.4 | 17,292", "100 | 100", "99.96 | 100", "12.34 | 12.3",
                "2.054 | 2.05", "1 | 1", "0.99999 | 1", "0.00123 | 0.0012", "-12.34 | -12.3",
                "-0.5 | -0.5", "1000000 | 1,000,000", "NaN | NaN", "Infinity | Infinity"
            })
    void numbers(double value, String words) {
        assertThat(Text.number(value)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "58.44, 58.4 ms",
        "999, 999 ms",
        "1000, 1 s",
        "3970, 3.97 s",
        "-2000, -2 s",
        "0.5, 0.5 ms"
    })
    void milliseconds(double value, String words) {
        assertThat(Text.millis(value)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 500m", "2, 2", "0.0005, 1m", "1.25, 1250m", "0, 0"})
    void cores(double value, String words) {
        assertThat(Text.cores(value)).isEqualTo(words);
    }

    @Test
    void listsAndCounts() {
        assertThat(Text.list(List.of())).isEmpty();
        assertThat(Text.list(List.of("a"))).isEqualTo("a");
        assertThat(Text.list(List.of("a", "b"))).isEqualTo("a and b");
        assertThat(Text.list(List.of("a", "b", "c"))).isEqualTo("a, b and c");
        assertThat(Text.replicas(1)).isEqualTo("1 replica");
        assertThat(Text.replicas(2)).isEqualTo("2 replicas");
        assertThat(Text.percent(0.123)).isEqualTo("12.3 %");
        assertThat(Text.rate(400)).isEqualTo("400/s");
        assertThat(Text.seconds(1.5)).isEqualTo("1.5 s");
    }

    @ParameterizedTest
    @CsvSource({
        "15s, 15000000",
        "14.988s, 14988000",
        "1m0s, 60000000",
        "1h2m3s, 3723000000",
        "250ms, 250000",
        "7us, 7",
        "7µs, 7",
        "5000ns, 5"
    })
    void durationsAsGoWritesThem(String text, long micros) {
        assertThat(Kube.microseconds(text)).isEqualTo(micros);
    }

    @ParameterizedTest
    @CsvSource({"''", "15", "s", "15s!", "x15s"})
    void whatIsNoDuration(String text) {
        assertThat(Kube.microseconds(text)).isNull();
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    @Test
    void fieldsOfObjects() {
        JsonNode object =
                json(
                        "{\"a\":{\"n\":3,\"t\":\"2026-11-25T22:58:27Z\",\"x\":\"word\"},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"},{\"type\":\"Other\",\"status\":\"False\"}]}}");
        assertThat(Kube.whole(object, "a", "n")).isEqualTo(3);
        assertThat(Kube.whole(object, "a", "x")).isNull();
        assertThat(Kube.whole(object, "b")).isNull();
        assertThat(Kube.text(object, "a", "x")).isEqualTo("word");
        assertThat(Kube.text(object, "a", "y")).isEmpty();
        assertThat(Kube.time(object, "a", "t")).isEqualTo(1795647507000L);
        assertThat(Kube.time(object, "a", "x")).isNull();
        assertThat(Kube.time(object, "a", "n")).isNull();
        assertThat(Kube.isReady(object)).isTrue();
        assertThat(Kube.isCondition(object, "Other", "True")).isFalse();
        assertThat(Kube.isCondition(object, "Other", "False")).isTrue();
        assertThat(Kube.isCondition(object, "None", "False")).isFalse();
        assertThat(Kube.isDeleted(object)).isFalse();
        assertThat(Kube.isDeleted(json("{\"metadata\":{\"deletionTimestamp\":\"x\"}}"))).isTrue();
    }

    @Test
    void containersOfAPod() {
        String running = "{\"state\":{\"running\":{}},\"restartCount\":2}";
        String waiting = "{\"state\":{\"waiting\":{}},\"restartCount\":1}";
        assertThat(Kube.isRunning(pod(running))).isTrue();
        assertThat(Kube.isRunning(pod(running + "," + running))).isTrue();
        assertThat(Kube.isRunning(pod(running + "," + waiting))).isFalse();
        assertThat(Kube.isRunning(pod(""))).isFalse();
        assertThat(Kube.restarts(pod(running + "," + waiting))).isEqualTo(3);
        assertThat(Kube.restarts(pod(""))).isZero();
    }

    private static JsonNode pod(String containers) {
        return json("{\"status\":{\"containerStatuses\":[" + containers + "]}}");
    }

    @Test
    void quantities() {
        assertThat(AutoscalerTypes.milli(json("\"250m\""))).isEqualTo(250);
        assertThat(AutoscalerTypes.milli(json("2"))).isEqualTo(2000);
        assertThat(AutoscalerTypes.milli(json("\"nonsense\""))).isNull();
        assertThat(AutoscalerTypes.milli(json("null"))).isNull();
    }

    private static List<Sample> samples(@Nullable Double... readings) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < readings.length; i++) {
            PodSample pod =
                    new PodSample(
                            "p", true, readings[i], null, null, null, null, null, null, null, null);
            samples.add(new Sample(i * 1000L, new Replicas(1, 1, 1), List.of(pod), null, null));
        }
        return samples;
    }

    private static @Nullable Growth growth(@Nullable Double... readings) {
        return Counters.growth(samples(readings), "p", PodSample::cpuSeconds);
    }

    @Test
    void countersGrow() {
        assertThat(growth(1.0, 2.0, 4.0)).isEqualTo(new Growth(3, 2));
        assertThat(growth(1.0, 1.0)).isEqualTo(new Growth(0, 1));
        assertThat(growth(1.0, null, 4.0)).isEqualTo(new Growth(3, 2));
    }

    @Test
    void aCounterThatFellWasStartedAnew() {
        assertThat(growth(5.0, 6.0, 1.0, 3.0)).isEqualTo(new Growth(3, 2));
    }

    @Test
    void withFewerThanTwoReadingsNothingIsKnown() {
        assertThat(growth(1.0)).isNull();
        assertThat(growth(null, 1.0, null)).isNull();
        assertThat(growth(5.0, 1.0)).isNull();
        assertThat(Counters.growth(samples(1.0, 2.0), "q", PodSample::cpuSeconds)).isNull();
    }

    @Test
    void medians() {
        assertThat(Phases.median(List.of())).isNull();
        assertThat(Phases.median(List.of(3.0))).isEqualTo(3);
        assertThat(Phases.median(List.of(1.0, 3.0))).isEqualTo(2);
        assertThat(Phases.median(List.of(1.0, 2.0, 9.0))).isEqualTo(2);
    }

    @Test
    void settingsOfThePlace() {
        Recording run = Worlds.full(1);
        assertThat(Place.of(run.deploymentRecord()))
                .isEqualTo(new Place(15, 15, 0.1, 300, 300, 30, 0.05, 0));
        run.setting("syncPeriodSeconds", "2").setting("tolerance", "nonsense");
        run.setting("cpuScale", "-1").setting("initialReadinessDelaySeconds", "0");
        Place place = Place.of(run.deploymentRecord());
        assertThat(place).isEqualTo(new Place(2, 15, 0.1, 300, 300, 0, 1, 0));
        assertThat(place.syncMillis()).isEqualTo(2000);
        assertThat(place.metricsWindowMillis()).isEqualTo(15_000);
        run.setting("syncPeriodSeconds", "0");
        assertThat(Place.of(run.deploymentRecord()).syncMillis()).isEqualTo(1000);
    }

    @Test
    void hostsThatAreBusy() {
        Recording run = Worlds.full(1);
        run.samples((at, s) ->
                Recording.object(s, "host")
                        .put("busySeconds", 1.0 * at)
                        .put("stealSeconds", 0.5 * at));
        assertThat(Soundness.busy(run.run().timeline().samples())).isCloseTo(0.75, within(1e-6));
        assertThat(Soundness.busy(List.of())).isNull();
        assertThat(Soundness.busy(samples(1.0, 2.0))).isNull();
        assertThat(Soundness.busy(run.run().timeline().samples().subList(0, 1))).isNull();
    }

    @Test
    void probesInWords() {
        assertThat(Pods.words(json("{\"httpGet\":{\"path\":\"/ready\"},\"timeoutSeconds\":2}")))
                .isEqualTo("the readiness probe (httpGet /ready) with a timeout of 2 s");
        assertThat(Pods.words(json("{\"tcpSocket\":{\"port\":1}}")))
                .isEqualTo("the readiness probe (tcpSocket) with a timeout of 1 s");
        assertThat(Pods.probe(json("{\"spec\":{\"containers\":[{}]}}"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "40, 1", "55, 1", "56, 2", "200, 4", "45, 1", "44, 1",
    })
    void askedForByAReportedUtilization(int percent, int asked) {
        Run run = Worlds.full(1).run();
        Recomputation recomputation =
                new Recomputation(run.place(), run.deployment().target().selector());
        JsonNode hpa = run.passes().getFirst().hpa();
        assertThat(recomputation.byUtilization(hpa, 1, percent)).isEqualTo(asked);
        assertThat(recomputation.byUtilization(hpa, 10, 44)).isEqualTo(9);
        assertThat(recomputation.byUtilization(hpa, 10, 45)).isEqualTo(10);
        ObjectNode own = hpa.deepCopy().asObject();
        Recording.object(own, "spec")
                .putObject("behavior")
                .putObject("scaleUp")
                .put("tolerance", "0.3");
        assertThat(recomputation.byUtilization(own, 1, 65)).isEqualTo(1);
        assertThat(recomputation.byUtilization(own, 1, 66)).isEqualTo(2);
        own.withObject("spec").withArray("metrics").addObject();
        assertThat(recomputation.byUtilization(own, 1, 66)).isNull();
    }

    @Test
    void metricsThatAreNotRecorded() {
        ObjectNode hpa = Recording.tree("{\"spec\":{\"metrics\":[{\"type\":\"Resource\"}]}}");
        assertThat(Recomputation.lacking(hpa)).isNull();
        hpa.withObject("spec").withArray("metrics").addObject().put("type", "ContainerResource");
        assertThat(Recomputation.lacking(hpa)).isNull();
        hpa.withObject("spec").withArray("metrics").addObject().put("type", "External");
        assertThat(Recomputation.lacking(hpa))
                .isEqualTo("metrics of type External are not recorded");
        assertThat(Recomputation.lacking(Recording.tree("{}")))
                .isEqualTo("the autoscaler names no metric");
    }
}
