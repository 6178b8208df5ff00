package dev.headroom.lab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.lab.launch.GuardedApi;
import dev.headroom.lab.launch.GuardedApi.Fault;
import dev.headroom.lab.run.StageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Requests to an API server that is in trouble for a while, as one is that is started anew. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class TroubledApiTest {
    private static final Duration SHORT = Duration.ofMillis(900);
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir Path folder = Path.of("");
    private FakeCluster fake;
    private GuardedApi api;
    private Cluster cluster;
    private final Deque<Fault> next = new ArrayDeque<>();
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        fake = new FakeCluster(folder);
        api = new GuardedApi(folder.resolve("kubeconfig"), null);
        cluster = Cluster.context(api.kubeconfig(folder.resolve("guarded")), null, null);
        assertThat(cluster.get("/version").ok()).isTrue();
        api.faults(request -> {
            asked.incrementAndGet();
            synchronized (next) {
                Fault fault = next.poll();
                return fault == null ? Fault.NONE : fault;
            }
        });
    }

    @AfterEach
    void stop() {
        cluster.close();
        api.close();
        fake.close();
    }

    private void next(Fault... faults) {
        synchronized (next) {
            Collections.addAll(next, faults);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"TOO_MANY_REQUESTS", "RESET", "CUT", "UNAVAILABLE", "NO_LEADER"})
    void whatWillPassIsWaitedFor(Fault fault) throws Exception {
        next(fault, fault);
        ApiAnswer answer = cluster.get(MAPS);
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.json().path("kind").asString("")).isEqualTo("ConfigMapList");
        assertThat(asked).hasValue(3);
    }

    /** A sample is due in a second: then it takes what it gets, and says that it lacks the rest. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"TOO_MANY_REQUESTS", "UNAVAILABLE", "NO_LEADER"})
    void whoHasNoTimeIsAnsweredAtOnce(Fault fault) throws Exception {
        next(fault);
        assertThat(cluster.get(MAPS, SHORT).ok()).isFalse();
        assertThat(asked).hasValue(1);
    }

    /** The metrics API may be missing for good, and a pod that is overloaded is not to be asked again and again. */
    @Test
    void othersBehindTheServerAreNotTheServer() throws Exception {
        for (String path :
                List.of(
                        "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods",
                        "/api/v1/namespaces/default/pods/p:8000/proxy/metrics")) {
            next(Fault.UNAVAILABLE);
            assertThat(cluster.get(path).code()).isEqualTo(503);
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void aRightThatIsMissingIsSaidAtOnce() throws Exception {
        next(Fault.FORBIDDEN);
        assertThat(cluster.get(MAPS).code()).isEqualTo(403);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aServerThatHasJustComeBackMayNotKnowTheRightsYet() throws Exception {
        next(Fault.CUT, Fault.FORBIDDEN, Fault.FORBIDDEN);
        assertThat(cluster.get(MAPS).code()).isEqualTo(200);
        assertThat(asked).hasValue(4);
    }

    @Test
    void aServerThatGoesAwayIsWaitedFor() throws Exception {
        api.goAway();
        assertThatThrownBy(() -> cluster.get(MAPS, SHORT)).isInstanceOf(ClusterGoneException.class);
        Thread back =
                Thread.startVirtualThread(() -> {
                    // While it is away, there is nothing to wait for but time.
                    LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                    try {
                        api.comeBack();
                    } catch (java.io.IOException e) {
                        throw new AssertionError(e);
                    }
                });
        ApiAnswer made =
                cluster.send(
                        "PATCH",
                        MAPS + "/x" + Applier.QUERY,
                        "application/apply-patch+yaml",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"}}",
                        LONG);
        back.join();
        assertThat(made.code()).isEqualTo(201);
    }

    @Test
    void itsClockIsReadThoughAConnectionBreaks() throws Exception {
        next(Fault.RESET, Fault.CUT);
        assertThat(cluster.clockAhead()).isBetween(Duration.ofSeconds(-2), Duration.ofSeconds(2));
    }

    /** Some kinds may only be written as they were last read (Kubernetes' {@code AllowUnconditionalUpdate}): a PodDisruptionBudget, custom resources. */
    @Test
    void whatIsRestoredIsWrittenAsItWasLastRead() throws Exception {
        JsonNode before =
                cluster.send(
                                "POST",
                                MAPS,
                                "application/json",
                                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"},\"data\":{\"k\":\"theirs\"}}",
                                LONG)
                        .json();
        ApiAnswer changed =
                cluster.send(
                        "PATCH",
                        MAPS + "/x" + Applier.QUERY,
                        "application/apply-patch+yaml",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"},\"data\":{\"k\":\"ours\"}}",
                        LONG);
        String version = changed.json().path("metadata").path("resourceVersion").asString("");
        next(Fault.NONE, Fault.NONE, Fault.CONFLICT, Fault.NONE, Fault.RESET_AFTER_IT_WAS_DONE);

        Remover remover = new Remover(cluster);
        assertThat(remover.remove(List.of(new Undo("ConfigMap/x", MAPS + "/x", null, before))))
                .isEmpty();
        assertThat(cluster.json(MAPS + "/x").path("data").path("k").asString(""))
                .isEqualTo("theirs");
        assertThat(api.updates().getFirst()).contains("\"resourceVersion\":\"" + version + "\"");
    }

    /** Who could not renew its claim for too long touches nothing more: it is another's now. */
    @Test
    void aClaimThatWasLostIsNoticed() throws Exception {
        Claim.Timing silent = new Claim.Timing(Duration.ofSeconds(1), Duration.ofHours(1));
        List<String> said = new ArrayList<>();
        AtomicInteger heard = new AtomicInteger();
        try (Claim first = Claim.take(cluster, "default", "x", silent, said::add)) {
            first.onLoss(heard::incrementAndGet);
            assertThat(first.lostTo()).isNull();
            try (Claim second = Claim.take(cluster, "default", "y", silent, said::add)) {
                assertThatThrownBy(() -> first.note(List.of())).isInstanceOf(StageException.class);
                assertThat(first.lostTo()).isEqualTo(second.holder());
                assertThat(heard).hasValue(1);
            }
        }
    }

    /** A holder can't give a sign of life to a server that is away: such a time does not count. */
    @Test
    void aHolderIsNotThoughtGoneWhileTheServerIs() throws Exception {
        Claim.Timing timing = new Claim.Timing(Duration.ofSeconds(2), Duration.ofMillis(500));
        try (Claim first = Claim.take(cluster, "default", "x", timing, s -> {})) {
            List<String> said = Collections.synchronizedList(new ArrayList<>());
            Thread trouble =
                    Thread.startVirtualThread(() -> {
                        while (said.isEmpty()) {
                            LockSupport.parkNanos(1_000_000);
                        }
                        api.goAway();
                        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
                        try {
                            api.comeBack();
                        } catch (java.io.IOException e) {
                            throw new AssertionError(e);
                        }
                    });
            assertThatThrownBy(() -> Claim.take(cluster, "default", "y", timing, said::add))
                    .isInstanceOf(StageException.class)
                    .hasMessageContaining("another run is under way")
                    .hasMessageContaining(first.holder());
            trouble.join();
        }
    }
}
