package dev.headroom.benchmarks;

import dev.headroom.autoscaler.Autoscaler;
import dev.headroom.autoscaler.Behavior;
import dev.headroom.autoscaler.History;
import dev.headroom.autoscaler.MetricSpec;
import dev.headroom.autoscaler.Metrics;
import dev.headroom.autoscaler.Pass;
import dev.headroom.autoscaler.Pod;
import dev.headroom.autoscaler.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One pass of the autoscaler over many pods: CPU utilization by the whole pod, from their samples to the decision. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class AutoscalerPass {
    private static final long NOW = 1_700_000_000L * Settings.SECOND;

    @Param("1000")
    int pods;

    /** All counted: one look at each. Some not: a second look, and what is missing filled in. */
    @Param({"ready", "mixed"})
    String world = "ready";

    private Pass.@Nullable Input input;

    @Setup
    public void prepare() {
        List<Pod> all = new ArrayList<>();
        List<Metrics.PodUsage> usages = new ArrayList<>();
        for (int i = 0; i < pods; i++) {
            boolean odd = world.equals("mixed") && i % 10 == 0;
            all.add(pod("web-" + i, odd && i % 20 == 0 ? "Pending" : "Running"));
            if (!odd) {
                Map<String, Long> app = Map.of("cpu", 200L + i % 100, "memory", 64_000_000_000L);
                Map<String, Long> sidecar = Map.of("cpu", 20L, "memory", 16_000_000_000L);
                usages.add(
                        new Metrics.PodUsage(
                                "web-" + i,
                                NOW - 7 * Settings.SECOND,
                                15 * Settings.SECOND,
                                Map.of("app", app, "sidecar", sidecar)));
            }
        }
        Pass.Input made =
                new Pass.Input(
                        autoscaler(),
                        new Pass.Scale(
                                pods, pods, "app=web,tier in (front)", null, replicas -> null),
                        List.of(new Pass.Other("other", "app=db")),
                        all,
                        () -> new Metrics.PodUsages(null, usages),
                        history(),
                        Settings.DEFAULT,
                        NOW);
        Integer scaledTo = Pass.run(made).scaledTo();
        if (scaledTo == null || scaledTo <= pods) {
            throw new IllegalStateException("the pass should scale up, and gave " + scaledTo);
        }
        input = made;
    }

    private Autoscaler autoscaler() {
        return new Autoscaler(
                "default",
                "web",
                new Autoscaler.Target("apps/v1", "Deployment", "web"),
                1,
                5 * pods,
                List.of(
                        new MetricSpec.Resource(
                                "cpu", new MetricSpec.Target("Utilization", 50, null, null))),
                new Behavior(Behavior.filledUp(null), Behavior.filledDown(null)),
                Autoscaler.Status.NEW);
    }

    private History history() {
        List<History.Recommendation> past = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            past.add(new History.Recommendation(pods, NOW - i * 15 * Settings.SECOND));
        }
        return new History(past, List.of(), List.of());
    }

    private static Pod pod(String name, String phase) {
        long since = NOW - 3600 * Settings.SECOND;
        return new Pod(
                name,
                Map.of("app", "web", "tier", "front", "pod-template-hash", "5d4f8c7b9"),
                phase,
                "True",
                since,
                since,
                false,
                List.of(
                        new Pod.Container("app", Map.of("cpu", 250L), null),
                        new Pod.Container("sidecar", Map.of("cpu", 50L), null)),
                List.of(),
                null);
    }

    /** Only metrics.k8s.io is asked here. */
    @Benchmark
    public Pass.Outcome pass() {
        return Pass.run(java.util.Objects.requireNonNull(input));
    }
}
