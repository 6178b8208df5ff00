package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.run.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What holds for any run. */
class PropertiesTest {
    static final Map<String, Supplier<Recording>> WORLDS =
            Map.of(
                    "scaled", Worlds::scaled,
                    "recorded", Recording::autoscaling,
                    "pinned", Worlds::pinned,
                    "full, max 1", () -> Worlds.full(1),
                    "full, max 3", () -> Worlds.full(3),
                    "calm", () -> Worlds.calm(3),
                    "unready", UnreadyTest::blind);

    private static final Map<String, VerdictRecord> WHOLE = new ConcurrentHashMap<>();

    /** As it is judged unaltered. */
    private static VerdictRecord whole(String name) {
        return WHOLE.computeIfAbsent(
                name, n -> Objects.requireNonNull(WORLDS.get(n)).get().judge());
    }

    static Stream<Arguments> worlds() {
        return WORLDS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    static Stream<Arguments> losses() {
        Map<String, Consumer<Recording>> losses =
                Map.ofEntries(
                        Map.entry("metrics", r -> r.remove(Recording.ofKind("metrics"))),
                        Map.entry("samples", r -> r.remove(Recording.ofKind("sample"))),
                        Map.entry("latency", r -> r.remove(Recording.ofKind("latency"))),
                        Map.entry("marks", r -> r.remove(Recording.ofKind("mark"))),
                        Map.entry(
                                "autoscaler",
                                r -> r.remove(Recording.changesOf("HorizontalPodAutoscaler"))),
                        Map.entry("pods", r -> r.remove(Recording.changesOf("Pod"))),
                        Map.entry("deployment", r -> r.remove(Recording.changesOf("Deployment"))),
                        Map.entry("events", r -> r.remove(Recording.changesOf("Event"))),
                        Map.entry("cpu", r -> r.podsWithout("cpuSeconds")),
                        Map.entry("limits", r -> r.podsWithout("limitCores")),
                        Map.entry("periods", r -> r.podsWithout("periods")),
                        Map.entry("balancer", r -> r.podsWithout("balancer").podsWithout("own")),
                        Map.entry("waits", r -> r.podsWithout("runQueueSeconds")),
                        Map.entry("host", r -> r.samples((at, s) -> s.remove("host"))),
                        Map.entry("service", r -> r.samples((at, s) -> s.remove("service"))),
                        Map.entry("use", r -> r.load().putArray("use")),
                        Map.entry("opened", r -> without(r, "connections", "opened")),
                        Map.entry("latencies", r -> r.load().remove("latency")),
                        Map.entry("settings", r -> r.deployment().putArray("settings")));
        return worlds().flatMap(w ->
                losses.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(l -> Arguments.of(w.get()[0], l.getKey(), w.get()[1], l.getValue())));
    }

    private static void without(Recording run, String part, String field) {
        Recording.object(run.load(), part).remove(field);
    }

    /** Whatever kind of data is lost: no rule holds that did not hold with it; it lacks, or another kind of data is enough. */
    @ParameterizedTest(name = "{0} without {1}")
    @MethodSource("losses")
    void lostDataMakesNoRuleHold(
            String world, String loss, Supplier<Recording> run, Consumer<Recording> lose) {
        Set<String> with = holding(whole(world));
        Recording lost = run.get();
        lose.accept(lost);
        Set<String> without = holding(lost.judge());
        without.remove("inconclusive");
        if (with.contains("bottleneck-max-replicas")) {
            // What is left of it where it can't be told.
            without.remove("limited-at-max");
        }
        assertThat(with).containsAll(without);
    }

    private static Set<String> holding(VerdictRecord verdict) {
        Set<String> words = new HashSet<>();
        words.add(verdict.verdict());
        verdict.findings().forEach(f -> words.add(f.word()));
        return words;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void judgedTwiceGivesTheSameBytes(String name, Supplier<Recording> run) {
        assertThat(Json.pretty(run.get().judge())).isEqualTo(Json.pretty(whole(name)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void theOrderOfKeysDoesNotMatter(String name, Supplier<Recording> run) {
        Recording turned = run.get();
        turned.lines().replaceAll(l -> (ObjectNode) turned(l));
        assertThat(Json.pretty(turned.judge())).isEqualTo(Json.pretty(whole(name)));
    }

    private static JsonNode turned(JsonNode node) {
        if (node.isArray()) {
            ArrayNode copy = Json.mapper().createArrayNode();
            node.forEach(n -> copy.add(turned(n)));
            return copy;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode copy = Json.mapper().createObjectNode();
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(node.properties());
        Collections.reverse(entries);
        entries.forEach(e -> copy.set(e.getKey(), turned(e.getValue())));
        return copy;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void whatIsNotKnownToThisVersionDoesNotMatter(String name, Supplier<Recording> run) {
        Recording more = run.get();
        more.each(l -> true, (at, line) -> line.put("future", "field"));
        more.load().put("future", 1);
        assertThat(Json.pretty(more.judge())).isEqualTo(Json.pretty(whole(name)));
    }

    static Stream<Arguments> scaled() {
        return worlds().flatMap(w ->
                Stream.of(1.0, 1.5, 2.0, 4.0).map(k -> Arguments.of(w.get()[0], k, w.get()[1])));
    }

    /** A run that is slower in all its times has the same cause. */
    @ParameterizedTest(name = "{0} times {1}")
    @MethodSource("scaled")
    void scalingAllTimesLeavesTheCause(String name, double k, Supplier<Recording> run) {
        assertThat(Slower.by(run.get(), k).word()).isEqualTo(whole(name).verdict());
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, 86_400_000})
    void whenItWasDoesNotMatter(long shift) {
        WORLDS.forEach((name, world) -> {
            VerdictRecord shifted = Slower.shift(world.get(), shift).judge();
            assertThat(shifted.verdict()).isEqualTo(whole(name).verdict());
            assertThat(shifted.sentence()).isEqualTo(whole(name).sentence());
        });
    }

    /** More replicas that carry the same load. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 9})
    void moreReplicasNeverTurnHeldIntoABottleneck(int more) {
        for (int max : new int[] {1 + more, 10}) {
            Recording run = withMore(Worlds.calm(max), more);
            VerdictRecord verdict = run.judge();
            assertThat(holding(verdict)).doesNotContain("bottleneck-max-replicas");
            assertThat(verdict.verdict()).isEqualTo("held");
        }
    }

    private static Recording withMore(Recording run, int more) {
        List<ObjectNode> added = new ArrayList<>();
        for (int i = 0; i < more; i++) {
            String name = "more-" + i;
            for (ObjectNode line : run.lines()) {
                if (Recording.changesOf("Pod").test(line)) {
                    ObjectNode copy = line.deepCopy();
                    copy.put("name", name);
                    Recording.object(copy, "object", "metadata").put("name", name);
                    added.add(copy);
                }
            }
            run.samples((at, sample) -> {
                ArrayNode pods = (ArrayNode) sample.path("pods");
                if (!pods.isEmpty()) {
                    pods.add(((ObjectNode) pods.path(0).deepCopy()).put("pod", name));
                }
            });
            run.each(
                    Recording.ofKind("metrics"),
                    (at, line) -> {
                        ArrayNode items = (ArrayNode) line.path("items");
                        if (!items.isEmpty()) {
                            ObjectNode item = (ObjectNode) items.path(0).deepCopy();
                            Recording.object(item, "metadata").put("name", name);
                            items.add(item);
                        }
                    });
        }
        run.lines().addAll(added);
        run.lines().sort(Comparator.comparingLong(l -> l.path("at").asLong()));
        int n = 1 + more;
        run.samples((at, s) ->
                Recording.object(s, "replicas")
                        .put("desired", n)
                        .put("current", n)
                        .put("ready", n));
        run.objects("Deployment", (at, d) -> Recording.object(d, "spec").put("replicas", n));
        run.hpa((at, hpa) ->
                Recording.object(hpa, "status")
                        .put("currentReplicas", n)
                        .put("desiredReplicas", n));
        return run;
    }

    /** However early it is cut off: it is never a verdict that the whole run does not give, but for what comes of having ended early. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void cutOffAnywhere(String name, Supplier<Recording> run) {
        String whole = whole(name).verdict();
        for (double end = 4; end < 110; end += 9) {
            assertThat(Alter.end(run.get(), end, "INTERRUPTED").word())
                    .as("stopped after %s s", end)
                    .isIn(whole, "inconclusive");
        }
    }

    /** An observer that is held up: samples are missing, here and there and for long. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void samplesThatAreMissing(String name, Supplier<Recording> run) {
        String whole = whole(name).verdict();
        for (int every : new int[] {2, 3, 4}) {
            Recording fewer = run.get();
            int[] i = {0};
            fewer.remove(l -> Recording.ofKind("sample").test(l) && i[0]++ % every != 0);
            assertThat(fewer.word()).as("one of %s", every).isIn(whole, "inconclusive");
        }
        Recording hole = run.get();
        hole.remove(l ->
                Recording.ofKind("sample").test(l) && hole.seconds(l) > 50 && hole.seconds(l) < 60);
        assertThat(hole.word()).isEqualTo(whole);
    }

    /** A watch that is late on a busy machine. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void changesThatAreSeenLate(String name, Supplier<Recording> run) {
        Recording late = run.get();
        late.each(
                Recording.changesOf("HorizontalPodAutoscaler"),
                (at, line) -> line.put("at", line.path("at").asLong() + 5000));
        assertThat(late.word()).isEqualTo(whole(name).verdict());
    }

    @Test
    void timesAreInstantsAsKubernetesWritesThem() {
        assertThat(Instant.parse(Alter.time(Worlds.full(1), 0)).toEpochMilli() % 1000).isZero();
    }
}
