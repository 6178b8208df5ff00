package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.Tools;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs on a cluster that is unreliable, as somebody's own may be: requests refused and lost, an API server that goes away, a run that is killed. Most of it is waiting until it is
 * sure that something is gone, so the tests run side by side, those that wait for longest first. The class as a whole does not: other classes are not made to bear a busy machine.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class TroubledClusterIT {
    private static final String OUTAGE = "until the next sample nothing is known of the cluster";

    private static final String DECIDED =
            """
            currentReplicas: 1
            desiredReplicas: 1
            currentMetrics:
            - {type: Resource, resource: {name: cpu, current: {averageUtilization: 1, averageValue: 100u}}}
            conditions:
            - {type: AbleToScale, status: 'True', reason: ReadyForNewScale, message: recommended size matches current size}
            - {type: ScalingActive, status: 'True', reason: ValidMetricFound, message: the HPA was able to compute the replica count}
            - {type: ScalingLimited, status: 'False', reason: DesiredWithinRange, message: the desired count is within the acceptable range}
            """;

    @TempDir private static Path shared;
    private static OwnCluster cluster;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws Exception {
        Tools.assumeWrk();
        cluster = OwnCluster.start(shared);
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private GuardedRun guarded(String namespace) throws Exception {
        return new GuardedRun(cluster, folder, namespace, null);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void survivesRefusalsAndLostConnections() throws Exception {
        String namespace = cluster.namespace();
        try (GuardedRun guarded = guarded(namespace)) {
            AtomicInteger requests = new AtomicInteger();
            Map<String, Boolean> expired = new ConcurrentHashMap<>();
            guarded.api.faults(request -> {
                if (request.verb().equals("watch")) {
                    boolean first = expired.putIfAbsent(request.right(), true) == null;
                    return first ? GuardedApi.Fault.EXPIRED : GuardedApi.Fault.NONE;
                }
                int n = requests.incrementAndGet();
                return n % 7 == 0
                        ? GuardedApi.Fault.TOO_MANY_REQUESTS
                        : n % 11 == 0
                                ? GuardedApi.Fault.RESET
                                : n % 13 == 0
                                        ? GuardedApi.Fault.RESET_AFTER_IT_WAS_DONE
                                        : GuardedApi.Fault.NONE;
            });
            Program.Run run = guarded.start("5s");

            assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
            assertThat(run.printed())
                    .contains("removed what was created, restored what was changed")
                    .doesNotContain("clean-up:");
            assertThat(expired).isNotEmpty();
            cluster.assertClean(namespace);
        }
    }

    /** It says first that it is not ready, then that it knows no rights; what was not seen meanwhile is said. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void survivesAnApiServerThatIsStartedAnew() throws Exception {
        String namespace = cluster.namespace();
        try (GuardedRun guarded = guarded(namespace)) {
            Program.Run run = guarded.start("12s");
            run.awaitLoad();
            guarded.api.goAway();
            Path observations = run.runDirectory().resolve("4-observations.jsonl");
            Program.await("the outage to be noted", () -> Program.Run.has(observations, OUTAGE));
            comeBack(guarded.api);

            assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
            assertThat(run.printed())
                    .contains("removed what was created, restored what was changed");
            assertThat(run.runDirectory().resolve("5-verdict.json"))
                    .content()
                    .contains("unobserved");
            cluster.assertClean(namespace);
        }
    }

    /** Also where it goes away just when the run cleans up. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @Order(4)
    void cleansUpOnceTheApiServerIsBack() throws Exception {
        String namespace = cluster.namespace();
        try (GuardedRun guarded = guarded(namespace)) {
            CountDownLatch cleaning = new CountDownLatch(1);
            guarded.api.faults(request -> {
                if (request.verb().equals("delete")) {
                    cleaning.countDown();
                    return GuardedApi.Fault.RESET_AFTER_IT_WAS_DONE;
                }
                return GuardedApi.Fault.NONE;
            });
            Program.Run run = guarded.start("3s");
            assertThat(cleaning.await(120, TimeUnit.SECONDS)).isTrue();
            guarded.api.goAway();
            // For longer than a request has otherwise; there is nothing to wait for but time.
            LockSupport.parkNanos(Duration.ofSeconds(17).toNanos());
            comeBack(guarded.api);

            assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
            assertThat(run.printed())
                    .contains("removed what was created, restored what was changed")
                    .doesNotContain("clean-up:");
            cluster.assertClean(namespace);
        }
    }

    private static void comeBack(GuardedApi api) throws IOException {
        AtomicInteger requests = new AtomicInteger();
        api.faults(request -> {
            int n = requests.incrementAndGet();
            return n <= 5
                    ? GuardedApi.Fault.UNAVAILABLE
                    : n <= 10 ? GuardedApi.Fault.FORBIDDEN : GuardedApi.Fault.NONE;
        });
        api.comeBack();
    }

    /** Also the pods that send the load, which are no part of the experiment. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @Order(3)
    void whatAKilledRunLeftIsRestored() throws Exception {
        String namespace = cluster.namespace();
        try (GuardedRun guarded = guarded(namespace)) {
            guarded.service.fromPods(2);
            Program.Run run = guarded.start("60s");
            run.awaitLoad();
            run.signal("KILL");
            run.process().waitFor();
            assertThat(cluster.service(namespace)).isNotNull();

            Program.Run restored = guarded.restore();
            assertThat(restored.exitCode()).as(restored.printed()).isZero();
            assertThat(restored.printed())
                    .contains(
                            "watching for 30 s whether it still runs",
                            "Pod/headroom-load-",
                            "Service/web is gone",
                            "Deployment/web is gone");
            assertThat(cluster.service(namespace)).isNull();
            cluster.assertClean(namespace);

            Program.Run again = guarded.restore();
            assertThat(again.exitCode()).isZero();
            assertThat(again.printed())
                    .contains("nothing is noted to be undone in namespace " + namespace);
        }
    }

    /** The run ends with what it measured, and says what it could not remove; what a killed cluster has left, its next start sweeps. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @Order(1)
    void aClusterThatGoesAwayForGood() throws Exception {
        Program program = new Program(folder);
        SmallService service = SmallService.in(program.workingDirectory());
        service.onAClusterOfOnesOwn();
        Program other = new Program(folder.resolve("other"));
        try {
            Program.Run gone =
                    other.start("cluster", "--sync-period", "1s", "--metrics-window", "1s");
            gone.awaitPrinted("kubeconfig");
            String kubeconfig = gone.printed().strip().lines().toList().getLast();
            Program.Run run =
                    program.start(
                            "run",
                            "--kubeconfig",
                            kubeconfig,
                            "--no-baseline",
                            service.experiment("30s"));
            run.awaitLoad();
            gone.signal("KILL");

            assertThat(run.exitCode()).as(run.printed()).isEqualTo(4);
            assertThat(run.printed())
                    .containsPattern(
                            "small: stage observe failed: the cluster at https://127\\S+ has given no answer for \\d+ s")
                    .contains("clean-up: what was applied may still be there (");
            program.assertNothingIsLeft();
            // Where the cluster goes first, the load may not have connected yet.
            Program.Run judged = program.run("judge", run.runDirectory().toString());
            assertThat(judged.printed()).containsPattern("\\Asmall: (inconclusive|invalid)\n");
            assertThat(judged.exitCode()).isEqualTo(3);

            Program.Run next = other.start("cluster");
            next.awaitPrinted("kubeconfig");
            next.signal("TERM");
            assertThat(next.exitCode()).isZero();
            other.assertNothingIsLeft();
        } finally {
            program.endAll();
            other.endAll();
        }
    }

    /** As a kube-controller-manager that is killed after its first pass: its part is played here, for that one. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @Order(2)
    void anAutoscalerThatStopped() throws Exception {
        try (OwnCluster without =
                OwnCluster.start(
                        folder.resolve("other"),
                        "--controllers=*,-horizontal-pod-autoscaler-controller")) {
            Program program = new Program(folder);
            SmallService service = SmallService.in(program.workingDirectory());
            service.onAClusterOfOnesOwn();
            service.scaled();
            // What it uses under a load of little is many times its request.
            service.change(service.deployment(), "requests: {cpu: 250m}", "requests: {cpu: 10m}");
            String experiment =
                    service.write(
                            Files.readString(Path.of(service.experiment("55s")))
                                    .replaceFirst(
                                            "wrk: .*",
                                            "rate: {rate: 50/s, connections: 4, duration: 55s}"));
            try {
                Program.Run run =
                        program.start(
                                "run",
                                "--no-baseline",
                                "--kubeconfig",
                                without.kubeconfig().toString(),
                                experiment);
                var autoscalers =
                        without.client()
                                .autoscaling()
                                .v2()
                                .horizontalPodAutoscalers()
                                .inNamespace("default");
                HorizontalPodAutoscaler decided =
                        autoscalers
                                .withName("web")
                                .waitUntilCondition(Objects::nonNull, 90, TimeUnit.SECONDS);
                decided.setStatus(
                        Serialization.unmarshal(DECIDED, HorizontalPodAutoscalerStatus.class));
                autoscalers.resource(decided).updateStatus();

                assertThat(run.exitCode()).as(run.printed()).isIn(0, 3);
                // On a machine that is full the measurement itself is refused.
                assertThat(run.printed()).containsPattern("small: (not-scaled|invalid)\n");
                assertThat(run.runDirectory().resolve("5-verdict.json"))
                        .content()
                        .contains("autoscaler-silent", "the status was last written ");
            } finally {
                program.endAll();
            }
        }
    }
}
