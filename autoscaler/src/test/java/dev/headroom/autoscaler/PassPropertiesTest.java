package dev.headroom.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every pass, whatever it is given: on worlds made at random, each from a seed that its failure names. */
class PassPropertiesTest {
    private static final long NOW = 1_700_000_000L * Settings.SECOND;

    static Stream<Integer> seeds() {
        return IntStream.range(0, 200).boxed();
    }

    /** A world of CPU alone, written out so that it can be made again a little otherwise. */
    private record World(
            int current,
            int min,
            int max,
            int target,
            boolean behaves,
            List<Pod> pods,
            List<Metrics.PodUsage> usages,
            History history,
            long now) {

        static World of(int seed) {
            Random random = new Random(seed);
            int current = 1 + random.nextInt(12);
            int min = 1 + random.nextInt(current);
            List<Pod> pods = new ArrayList<>();
            List<Metrics.PodUsage> usages = new ArrayList<>();
            for (int i = 0; i < current; i++) {
                long start = NOW - random.nextInt(900) * Settings.SECOND;
                pods.add(pod("p" + i, start, random));
                if (random.nextInt(10) > 0) {
                    long at = NOW - random.nextInt(60) * Settings.SECOND;
                    usages.add(usage("p" + i, at, random.nextInt(500)));
                }
            }
            List<History.Recommendation> past = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                long at = NOW - i * 60 * Settings.SECOND;
                past.add(new History.Recommendation(1 + random.nextInt(15), at));
            }
            return new World(
                    current,
                    min,
                    current + random.nextInt(10),
                    20 + random.nextInt(150),
                    random.nextBoolean(),
                    List.copyOf(pods),
                    List.copyOf(usages),
                    new History(past, List.of(), List.of()),
                    NOW);
        }

        private static Pod pod(String name, long start, Random random) {
            return new Pod(
                    name,
                    Map.of("app", "web"),
                    random.nextInt(8) > 0 ? "Running" : "Pending",
                    random.nextInt(6) > 0 ? "True" : "False",
                    start + random.nextInt(40) * Settings.SECOND,
                    start,
                    random.nextInt(12) == 0,
                    List.of(new Pod.Container("app", Map.of("cpu", 200L), null)),
                    List.of(),
                    null);
        }

        private static Metrics.PodUsage usage(String pod, long at, long milli) {
            return new Metrics.PodUsage(
                    pod, at, 15 * Settings.SECOND, Map.of("app", Map.of("cpu", milli)));
        }

        World with(List<Pod> otherPods, List<Metrics.PodUsage> otherUsages) {
            return new World(
                    current, min, max, target, behaves, otherPods, otherUsages, history, now);
        }

        World at(LongUnaryOperator time) {
            return new World(
                    current,
                    min,
                    max,
                    target,
                    behaves,
                    pods.stream()
                            .map(p ->
                                    new Pod(
                                            p.name(),
                                            p.labels(),
                                            p.phase(),
                                            p.ready(),
                                            time.applyAsLong(p.readyTransition()),
                                            time.applyAsLong(
                                                    java.util.Objects.requireNonNull(
                                                            p.startTime())),
                                            p.deleted(),
                                            p.containers(),
                                            p.initContainers(),
                                            p.podRequests()))
                            .toList(),
                    usages.stream()
                            .map(u ->
                                    new Metrics.PodUsage(
                                            u.pod(),
                                            time.applyAsLong(u.timestamp()),
                                            u.windowMicros(),
                                            u.containers()))
                            .toList(),
                    history.withRecommendations(
                            history.known().stream()
                                    .map(r ->
                                            new History.Recommendation(
                                                    r.replicas(), time.applyAsLong(r.at())))
                                    .toList()),
                    time.applyAsLong(now));
        }

        Pass.Outcome pass() {
            Metrics metrics = () -> new Metrics.PodUsages(null, usages);
            Behavior behavior =
                    behaves
                            ? new Behavior(Behavior.filledUp(null), Behavior.filledDown(null))
                            : null;
            MetricSpec.Target aim = new MetricSpec.Target("Utilization", target, null, null);
            return Pass.run(
                    new Pass.Input(
                            new Autoscaler(
                                    "default",
                                    "web",
                                    new Autoscaler.Target("apps/v1", "Deployment", "web"),
                                    min,
                                    max,
                                    List.of(new MetricSpec.Resource("cpu", aim)),
                                    behavior,
                                    Autoscaler.Status.NEW),
                            new Pass.Scale(current, current, "app=web", null, replicas -> null),
                            List.of(),
                            pods,
                            metrics,
                            history,
                            Settings.DEFAULT,
                            now));
        }
    }

    private static List<String> conditions(Pass.Outcome outcome) {
        return outcome.status().conditions().stream()
                .map(c -> c.type() + c.status() + c.reason() + c.message())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theSameIsDecidedAgain(int seed) {
        assertThat(World.of(seed).pass()).isEqualTo(World.of(seed).pass());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsWrittenLiesWithinTheBounds(int seed) {
        World world = World.of(seed);
        Integer scaledTo = world.pass().scaledTo();
        if (scaledTo != null) {
            assertThat(scaledTo).isBetween(world.min(), world.max()).isNotEqualTo(world.current());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void withoutOtherRulesItAtMostDoublesOrReachesFour(int seed) {
        World world = World.of(seed);
        Integer scaledTo = world.pass().scaledTo();
        if (scaledTo != null) {
            // With default behavior four pods may be added, too.
            int most = world.behaves() ? world.current() + 4 : 4;
            assertThat(scaledTo).isLessThanOrEqualTo(Math.max(2 * world.current(), most));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theOrderOfPodsAndSamplesDoesNotMatter(int seed) {
        World world = World.of(seed);
        List<Pod> pods = new ArrayList<>(world.pods());
        List<Metrics.PodUsage> usages = new ArrayList<>(world.usages());
        Collections.shuffle(pods, new Random(seed));
        Collections.shuffle(usages, new Random(seed + 1));
        assertThat(world.with(pods, usages).pass()).isEqualTo(world.pass());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void onlyDifferencesOfTimesMatter(int seed) {
        World world = World.of(seed);
        Pass.Outcome later = world.at(t -> t + 86_400 * Settings.SECOND).pass();
        assertThat(later.scaledTo()).isEqualTo(world.pass().scaledTo());
        assertThat(conditions(later)).isEqualTo(conditions(world.pass()));
        assertThat(later.events()).isEqualTo(world.pass().events());
    }

    /** A pod that is being deleted takes no part: it may as well be gone, if its sample goes with it. */
    @ParameterizedTest
    @MethodSource("seeds")
    void aDeletedPodMayAsWellBeGone(int seed) {
        World world = World.of(seed);
        List<String> gone = world.pods().stream().filter(Pod::deleted).map(Pod::name).toList();
        List<Pod> pods = world.pods().stream().filter(p -> !p.deleted()).toList();
        List<Metrics.PodUsage> usages =
                world.usages().stream().filter(u -> !gone.contains(u.pod())).toList();
        if (!pods.isEmpty() && !usages.isEmpty()) {
            Pass.Outcome without = world.with(pods, usages).pass();
            assertThat(without.scaledTo()).isEqualTo(world.pass().scaledTo());
            assertThat(conditions(without)).isEqualTo(conditions(world.pass()));
        }
    }

    /** Where every pod counts; else the base of a proposal is those that do, and more use may ask for fewer. */
    @ParameterizedTest
    @MethodSource("seeds")
    void moreUseNeverAsksForLess(int seed) {
        World world = World.of(seed);
        Random random = new Random(seed);
        List<Pod> pods = new ArrayList<>();
        List<Metrics.PodUsage> usages = new ArrayList<>();
        List<Metrics.PodUsage> more = new ArrayList<>();
        for (Pod pod : world.pods()) {
            pods.add(
                    new Pod(
                            pod.name(),
                            pod.labels(),
                            "Running",
                            "True",
                            0,
                            0L,
                            false,
                            pod.containers(),
                            List.of(),
                            null));
            long milli = random.nextInt(400);
            usages.add(World.usage(pod.name(), world.now(), milli));
            more.add(World.usage(pod.name(), world.now(), milli + random.nextInt(200)));
        }
        Integer before = world.with(pods, usages).pass().proposal();
        Integer after = world.with(pods, more).pass().proposal();
        assertThat(before).isNotNull();
        assertThat(after).isGreaterThanOrEqualTo(before);
    }
}
