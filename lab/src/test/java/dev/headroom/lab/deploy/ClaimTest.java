package dev.headroom.lab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.StageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Claims against a real API server: one holder at a time, and what one that was killed has noted. */
@SuppressWarnings("NullAway.Init")
class ClaimTest {
    /** One who does not give a sign of life for a second is gone. */
    private static final Claim.Timing SHORT =
            new Claim.Timing(Duration.ofSeconds(1), Duration.ofMillis(100));

    private static final Claim.Timing SILENT =
            new Claim.Timing(Duration.ofSeconds(1), Duration.ofHours(1));

    @TempDir Path folder = Path.of("");
    private FakeCluster fake;
    private Cluster cluster;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void start() throws IOException, StageException {
        fake = new FakeCluster(folder);
        cluster = Cluster.context(folder.resolve("kubeconfig"), null, null);
    }

    @AfterEach
    void stop() {
        cluster.close();
        fake.close();
    }

    private Claim take(Claim.Timing timing) throws Exception {
        return Claim.take(cluster, "default", "x", timing, said::add);
    }

    private ApiAnswer claimed() throws Exception {
        return cluster.get(ClaimObject.in(cluster, "default").path());
    }

    private String send(String method, String path, String body) throws Exception {
        ApiAnswer answer =
                cluster.send(method, path, "application/json", body, Duration.ofSeconds(5));
        assertThat(answer.ok()).as(answer.message()).isTrue();
        return answer.body();
    }

    @Test
    void isGoneAfterwards() throws Exception {
        Claim claim = take(SHORT);
        assertThat(claimed().ok()).isTrue();
        assertThat(claim.release(List.of())).isNull();
        assertThat(claimed().code()).isEqualTo(404);
        assertThat(said).isEmpty();
    }

    @Test
    void twoRunsDoNotMeet() throws Exception {
        try (Claim first = take(SHORT)) {
            assertThatThrownBy(() -> take(SHORT))
                    .isInstanceOf(StageException.class)
                    .hasMessageContaining("another run is under way in namespace default")
                    .hasMessageContaining(first.holder());
            // The first is not disturbed by it.
            assertThat(first.release(List.of())).isNull();
        }
        try (Claim second = take(SHORT)) {
            assertThat(second.leftovers()).isEmpty();
        }
    }

    @Test
    void oneWhoIsSilentIsTakenOverWithWhatItNoted() throws Exception {
        ObjectNode before = FakeCluster.node("{\"kind\":\"Service\",\"spec\":{\"a\":1}}");
        try (Claim silent = take(SILENT)) {
            silent.note(
                    List.of(
                            new Undo("Service/a", "/api/v1/a", null, before),
                            new Undo("Deployment/b", "/apis/apps/v1/b", "uid", null)));
            try (Claim next = take(SHORT)) {
                assertThat(next.leftovers())
                        .containsExactly(
                                new Undo("Service/a", "/api/v1/a", null, before),
                                new Undo("Deployment/b", "/apis/apps/v1/b", null, null));
                assertThat(said)
                        .singleElement()
                        .asString()
                        .contains("claimed by x on ", "watching for 1 s whether it still runs");
                // Who was thought to be gone does not take away what is another's now.
                assertThat(silent.release(List.of())).contains("no longer this run's");
                assertThat(claimed().ok()).isTrue();
            }
        }
    }

    @Test
    void whatCouldNotBeUndoneStaysNotedForTheNextAtOnce() throws Exception {
        Undo open = new Undo("Service/a", "/api/v1/a", null, null);
        assertThat(take(SHORT).release(List.of(open))).isNull();
        try (Claim next = take(SHORT)) {
            assertThat(next.leftovers()).containsExactly(open);
            assertThat(said).isEmpty();
        }
    }

    @Test
    void secretsAreNotNoted() throws Exception {
        ObjectNode secret = FakeCluster.node("{\"data\":{\"password\":\"aHVzaA==\"}}");
        String note = UndoNote.write(List.of(new Undo("Secret/s", "/s", null, secret)));
        Undo read = UndoNote.read(note).getFirst();
        JsonNode before = read.before();
        assertThat(before).isNotNull();
        assertThat(before.isMissingNode()).isTrue();
    }

    @Test
    void aNoteThatIsTooLargeForgetsContentsOnly() throws Exception {
        ObjectNode large = Json.mapper().createObjectNode();
        Random random = new Random(1);
        for (int i = 0; i < 40_000; i++) {
            large.put("k" + i, random.nextLong());
        }
        String note = UndoNote.write(List.of(new Undo("ConfigMap/c", "/c", null, large)));
        assertThat(note.length()).isLessThan(1000);
        assertThat(UndoNote.read(note)).extracting(Undo::path).containsExactly("/c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense!", "bm9uc2Vuc2U="})
    void aNoteThatCanNotBeReadIsNotGuessedAt(String note) {
        assertThatThrownBy(() -> UndoNote.read(note))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("can't be read");
    }

    /** As after {@code kill -9}: what was made is gone, what was changed is as before, and what others made is theirs. */
    @Test
    void restoresByTheNote() throws Exception {
        String maps = "/api/v1/namespaces/default/configmaps";
        String apply = "?fieldManager=" + Applier.MANAGER + "&force=true";
        String changed =
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"NAME\"},\"data\":{\"k\":\"ours\"}}";
        JsonNode before =
                Json.mapper()
                        .readTree(
                                send(
                                        "POST",
                                        maps,
                                        changed.replace("NAME", "was").replace("ours", "theirs")));
        send("POST", maps, changed.replace("NAME", "other").replace("ours", "others"));
        try (Claim killed = take(SILENT)) {
            killed.note(
                    List.of(
                            new Undo("ConfigMap/was", maps + "/was", null, before),
                            new Undo("ConfigMap/new", maps + "/new", null, null),
                            new Undo("ConfigMap/never", maps + "/never", null, null),
                            new Undo("ConfigMap/other", maps + "/other", null, null)));
            for (String name : List.of("was", "new")) {
                ApiAnswer answer =
                        cluster.send(
                                "PATCH",
                                maps + "/" + name + apply,
                                "application/apply-patch+yaml",
                                changed.replace("NAME", name),
                                Duration.ofSeconds(5));
                assertThat(answer.ok()).as(answer.message()).isTrue();
            }
            Thread collector =
                    Thread.startVirtualThread(() -> {
                        while (!Thread.currentThread().isInterrupted()) {
                            fake.collectGarbage();
                            LockSupport.parkNanos(20_000_000);
                        }
                    });
            assertThat(Restoration.restore(cluster, SHORT, said::add)).isEmpty();
            collector.interrupt();
            collector.join();
        }
        assertThat(said).contains("ConfigMap/new is gone", "ConfigMap/was is as it was");
        assertThat(cluster.get(maps + "/new").code()).isEqualTo(404);
        assertThat(cluster.json(maps + "/was").path("data").path("k").asString(""))
                .isEqualTo("theirs");
        assertThat(cluster.json(maps + "/other").path("data").path("k").asString(""))
                .isEqualTo("others");
        assertThat(claimed().code()).isEqualTo(404);
        assertThat(Restoration.restore(cluster, SHORT, said::add)).isNull();
    }
}
