package dev.headroom.lab.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.deploy.FakeCluster;
import dev.headroom.lab.launch.GuardedApi;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The observer against a real API server; the test plays kubelet, metrics server and balancer. */
@Timeout(60)
class ObserverTest {
    @TempDir Path folder = Path.of("");

    @Test
    void writesWhatItSees() throws Exception {
        RunDirectory directory = RunDirectory.create(folder.resolve("runs"), "x", Instant.EPOCH);
        try (FakeCluster fake = new FakeCluster(folder)) {
            FakeTarget.deploy(fake);
            FakeTarget.kubelet(fake, 1.0, 100);
            AtomicInteger failures = new AtomicInteger();
            Observer observer =
                    Observer.start(
                            fake.cluster(),
                            FakeTarget.SUBJECT,
                            directory.path(RunFile.OBSERVATIONS),
                            failures::incrementAndGet);
            observer.settings(List.of(new Setting("syncPeriodSeconds", "15", "given")));
            await(() -> counted(observer, 100));
            observer.loadStarts("now");
            FakeTarget.kubelet(fake, 3.5, 400);
            await(() -> counted(observer, 400));
            observer.loadEnded("done");
            observer.check();
            observer.close();
            assertThat(failures).hasValue(0);
        }
        List<Observation> seen = directory.readLines(RunFile.OBSERVATIONS, Observation.class);
        assertThat(seen)
                .filteredOn(Observation.Mark.class::isInstance)
                .extracting(o -> ((Observation.Mark) o).what())
                .containsExactly("observing", "load-start", "load-end", "end");
        assertThat(((Observation.Mark) seen.getLast()).detail())
                .isEqualTo(seen.size() - 1 + " lines");
        assertThat(Sequence.in(seen)).isNull();
        assertThat(of(seen, Observation.Setting.class))
                .singleElement()
                .matches(s -> s.name().equals("syncPeriodSeconds") && s.value().equals("15"));
        assertThat(of(seen, Observation.Change.class))
                .extracting(c -> c.change() + " " + c.objectKind() + " " + c.name())
                .contains(
                        "ADDED Deployment api",
                        "ADDED Pod api-1",
                        "ADDED HorizontalPodAutoscaler api",
                        "ADDED Event e1")
                .doesNotContain("ADDED Pod other", "ADDED Event e2");
        assertThat(of(seen, Observation.Metrics.class)).hasSize(1);
        assertThat(of(seen, Observation.Gap.class))
                .extracting(Observation.Gap::source)
                .doesNotHaveDuplicates();
        Observation.ServiceLatency whole = of(seen, Observation.ServiceLatency.class).getFirst();
        assertThat(whole.count()).isEqualTo(300);
        assertThat(whole.counts()).containsExactly(300, 0, 0);
        Observation.Sample last = of(seen, Observation.Sample.class).getLast();
        assertThat(last.replicas()).isEqualTo(new Observation.Replicas(2, 1, 1));
        Observation.PodSample pod = last.pods().getFirst();
        assertThat(pod.pod()).isEqualTo("api-1");
        assertThat(pod.ready()).isTrue();
        assertThat(pod.cpuSeconds()).isEqualTo(3.5);
        assertThat(pod.limitCores()).isEqualTo(0.5);
        assertThat(pod.throttledPeriods()).isNull();
        assertThat(pod.balancer()).isEqualTo(new Observation.Traffic(400, 0, 7, 9));
    }

    /** Whoever looks on, or kills the program, finds whole lines only. */
    @Test
    void linesAreWholeWhileItRuns() throws Exception {
        RunDirectory directory = RunDirectory.create(folder.resolve("runs"), "x", Instant.EPOCH);
        try (FakeCluster fake = new FakeCluster(folder)) {
            FakeTarget.deploy(fake);
            FakeTarget.kubelet(fake, 1.0, 100);
            try (Observer observer =
                    Observer.start(
                            fake.cluster(),
                            FakeTarget.SUBJECT,
                            directory.path(RunFile.OBSERVATIONS),
                            () -> {})) {
                await(() -> observer.latest() != null);
                Predicate<List<Observation>> enough =
                        all -> of(all, Observation.Sample.class).size() >= 2;
                await(() -> enough.test(read(directory)));
            }
        }
    }

    /** What is not seen is not told: no sample while the API server is away, and what changed meanwhile once it is back. */
    @Test
    void whileTheServerIsAwayNothingIsInvented() throws Exception {
        RunDirectory directory = RunDirectory.create(folder.resolve("runs"), "x", Instant.EPOCH);
        try (FakeCluster fake = new FakeCluster(folder);
                GuardedApi api = new GuardedApi(folder.resolve("kubeconfig"), null);
                Cluster cluster =
                        Cluster.context(api.kubeconfig(folder.resolve("guarded")), null, null)) {
            FakeTarget.deploy(fake);
            FakeTarget.kubelet(fake, 1.0, 100);
            AtomicInteger failures = new AtomicInteger();
            try (Observer observer =
                    Observer.start(
                            cluster,
                            FakeTarget.SUBJECT,
                            directory.path(RunFile.OBSERVATIONS),
                            failures::incrementAndGet)) {
                await(() -> observer.latest() != null && counted(observer, 100));
                long away = System.currentTimeMillis();
                api.goAway();
                await(() -> outage(directory, away) != null);
                fake.status(ResourceType.DEPLOYMENT, "api", "{\"replicas\":2,\"readyReplicas\":2}");
                long back = System.currentTimeMillis();
                api.comeBack();
                await(() -> of(read(directory), Observation.Sample.class).getLast().at() >= back);

                List<Observation> seen = read(directory);
                long gap = Objects.requireNonNull(outage(directory, away)).at();
                assertThat(of(seen, Observation.Sample.class))
                        .noneMatch(s -> s.at() > gap && s.at() < back)
                        .last()
                        .extracting(Observation.Sample::replicas)
                        .isEqualTo(new Observation.Replicas(2, 2, 2));
                observer.check();
            }
            assertThat(failures).hasValue(0);
        }
        assertThat(Sequence.in(read(directory))).isNull();
    }

    /** On a busy machine there may have been one before. */
    private static Observation.@Nullable Gap outage(RunDirectory directory, long after) {
        return of(read(directory), Observation.Gap.class).stream()
                .filter(g -> g.source().equals(Observation.Gap.OUTAGE) && g.at() >= after)
                .findFirst()
                .orElse(null);
    }

    /** Requests that are refused for their number tell nothing of what was asked for, and are not sent again before the time that was asked for. */
    @Test
    void whoIsRefusedComesBackWhenItIsTold() throws Exception {
        Duration told = Duration.ofSeconds(3);
        RunDirectory directory = RunDirectory.create(folder.resolve("runs"), "x", Instant.EPOCH);
        List<Long> asked = new CopyOnWriteArrayList<>();
        try (FakeCluster fake = new FakeCluster(folder);
                GuardedApi api = new GuardedApi(folder.resolve("kubeconfig"), null);
                Cluster cluster =
                        Cluster.context(api.kubeconfig(folder.resolve("guarded")), null, null)) {
            FakeTarget.deploy(fake);
            FakeTarget.kubelet(fake, 1.0, 100);
            api.comeBackAfter(told);
            api.faults(request -> {
                if (!request.group().equals("metrics.k8s.io")) {
                    return GuardedApi.Fault.NONE;
                }
                asked.add(System.nanoTime());
                return asked.size() <= 2
                        ? GuardedApi.Fault.TOO_MANY_REQUESTS
                        : GuardedApi.Fault.NONE;
            });
            try (Observer observer =
                    Observer.start(
                            cluster,
                            FakeTarget.SUBJECT,
                            directory.path(RunFile.OBSERVATIONS),
                            () -> {})) {
                await(() -> !of(read(directory), Observation.Metrics.class).isEmpty());
            }
        }
        assertThat(asked.get(1) - asked.get(0)).isGreaterThanOrEqualTo(told.toNanos());
        assertThat(asked.get(2) - asked.get(1)).isGreaterThanOrEqualTo(told.toNanos());
        List<Observation> seen = read(directory);
        assertThat(of(seen, Observation.Metrics.class)).allMatch(m -> m.error() == null);
        assertThat(of(seen, Observation.Sample.class)).isNotEmpty();
        assertThat(of(seen, Observation.Gap.class))
                .filteredOn(g -> g.source().equals("metrics.k8s.io"))
                .singleElement()
                .extracting(Observation.Gap::problem)
                .isEqualTo("come back later; it is asked again in 3 s");
    }

    @Test
    void whoWantsToBeLeftAloneForLongIsAskedNevertheless() {
        assertThat(SampledApi.rest(Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(9));
        assertThat(SampledApi.rest(Duration.ofHours(1))).isEqualTo(Duration.ofSeconds(10));
    }

    private static List<Observation> read(RunDirectory directory) {
        try {
            return directory.readLines(RunFile.OBSERVATIONS, Observation.class);
        } catch (dev.headroom.lab.run.DamagedRunException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean counted(Observer observer, long answers) {
        Snapshot seen = observer.latest();
        return seen != null
                && seen.autoscaler() != null
                && seen.sample().pods().stream()
                        .anyMatch(p -> p.balancer() != null && p.balancer().answers() == answers);
    }

    private static <T extends Observation> List<T> of(List<Observation> all, Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for too long").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
