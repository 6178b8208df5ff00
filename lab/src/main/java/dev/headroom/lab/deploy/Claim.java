package dev.headroom.lab.deploy;

import dev.headroom.lab.run.LabClock;
import dev.headroom.lab.run.StageException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run's claim on a namespace of somebody's own cluster, so that no two runs meet there: a Lease {@code headroom}, or a ConfigMap where the cluster serves no leases. It
 * is renewed while the run lasts, and a note on it says what has to be undone, so that another can do it if this program is killed.
 *
 * <p>Whether a claim's holder is alive is seen as client-go's leader election sees it: by whether the claim changes within its time, on one's own clock. No two clocks are
 * compared.
 */
public final class Claim implements AutoCloseable {
    private static final String STAGE = "deploy";
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int CONFLICT = 409;
    private static final int MISSING = 404;

    /**
     * How long a claim lives without a sign of life, and how often one is given.
     *
     * @param life whole seconds
     */
    record Timing(Duration life, Duration renewal) {
        static final Timing NORMAL = new Timing(Duration.ofSeconds(30), Duration.ofSeconds(8));
    }

    private final Cluster cluster;
    private final ClaimObject kind;
    private final Timing timing;
    private final String holder;
    private final List<Undo> leftovers = new ArrayList<>();
    private ObjectNode object;
    private @Nullable Thread renewing;

    private Claim(
            Cluster cluster, ClaimObject kind, Timing timing, String holder, ObjectNode object) {
        this.cluster = cluster;
        this.kind = kind;
        this.timing = timing;
        this.holder = holder;
        this.object = object;
    }

    /**
     * Takes the claim; one whose holder is gone is taken over with what it left to be undone.
     *
     * @param says hears of what is waited for
     * @throws StageException where another run holds it, or it can't be had
     */
    static Claim take(
            Cluster cluster,
            String namespace,
            String experiment,
            Timing timing,
            Consumer<String> says)
            throws StageException, InterruptedException {
        try {
            ClaimObject kind = ClaimObject.in(cluster, namespace);
            String holder = holder(experiment);
            while (true) {
                ApiAnswer found = cluster.get(kind.path());
                if (found.code() == MISSING) {
                    ObjectNode wanted = kind.object(holder, timing.life());
                    ApiAnswer made = send(cluster, "POST", kind.collection(), wanted);
                    if (made.code() != CONFLICT) {
                        return taken(cluster, kind, timing, holder, allowed(made, kind));
                    }
                } else {
                    JsonNode theirs = allowed(found, kind);
                    if (kind.holder(theirs).equals(holder)) {
                        // Made by a request whose answer was lost.
                        return taken(cluster, kind, timing, holder, theirs);
                    }
                    awaitGone(cluster, kind, theirs, timing, says);
                    List<Undo> leftovers = UndoNote.read(kind.note(theirs));
                    ObjectNode ours = kind.takenOver(theirs, holder, timing.life());
                    ApiAnswer answer = send(cluster, "PUT", kind.path(), ours);
                    if (answer.code() != CONFLICT && answer.code() != MISSING) {
                        Claim claim = taken(cluster, kind, timing, holder, allowed(answer, kind));
                        claim.leftovers.addAll(leftovers);
                        return claim;
                    }
                }
            }
        } catch (ClusterGoneException e) {
            throw new StageException(STAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static Claim taken(
            Cluster cluster, ClaimObject kind, Timing timing, String holder, JsonNode object) {
        Claim claim = new Claim(cluster, kind, timing, holder, (ObjectNode) object);
        claim.renewing = Thread.ofVirtual().name("claim").start(claim::renewAlways);
        return claim;
    }

    private static JsonNode allowed(ApiAnswer answer, ClaimObject kind) throws StageException {
        if (answer.ok()) {
            return answer.json();
        }
        throw new StageException(
                STAGE,
                "the claim "
                        + kind.title()
                        + " that keeps two runs apart can't be had: "
                        + answer.message()
                        + "; deploy/access has the rights that a run needs",
                null);
    }

    /** Returns once the holder gave no sign of life for as long as its claim lives. */
    private static void awaitGone(
            Cluster cluster,
            ClaimObject kind,
            JsonNode theirs,
            Timing timing,
            Consumer<String> says)
            throws ClusterGoneException, StageException, InterruptedException {
        String other = kind.holder(theirs);
        if (other.isEmpty()) {
            return;
        }
        Duration life = kind.life(theirs, timing.life());
        says.accept(
                "namespace "
                        + kind.namespace()
                        + " is claimed by "
                        + other
                        + "; watching for "
                        + life.toSeconds()
                        + " s whether it still runs");
        long end = System.nanoTime() + life.toNanos();
        while (System.nanoTime() - end < 0) {
            Thread.sleep(Math.min(1000, Math.max(20, life.toMillis() / 20)));
            ApiAnswer now = cluster.get(kind.path());
            if (now.code() == MISSING) {
                return;
            }
            if (now.ok() && !version(now.json()).equals(version(theirs))) {
                String holds = kind.holder(now.json());
                if (holds.isEmpty()) {
                    return;
                }
                throw new StageException(
                        STAGE,
                        "another run is under way in namespace "
                                + kind.namespace()
                                + ": "
                                + holds
                                + " holds "
                                + kind.title()
                                + "; wait for its end, or use another namespace",
                        null);
            }
        }
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asString("");
    }

    private static String holder(String experiment) {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "a host without a name";
        }
        return experiment
                + " on "
                + host
                + " (process "
                + ProcessHandle.current().pid()
                + ", "
                + UUID.randomUUID().toString().substring(0, 8)
                + ")";
    }

    private static ApiAnswer send(Cluster cluster, String method, String path, ObjectNode object)
            throws ClusterGoneException, InterruptedException {
        return cluster.send(method, path, "application/json", object.toString(), PATIENCE);
    }

    /** Who holds it: the experiment, the host and the process. */
    String holder() {
        return holder;
    }

    /** What a run that was killed left to be undone; empty mostly. */
    List<Undo> leftovers() {
        return leftovers;
    }

    /** Notes what will have to be undone, before it is done. */
    synchronized void note(List<Undo> planned) throws StageException, InterruptedException {
        try {
            allowed(update(kind.withNote(object, UndoNote.write(planned))), kind);
        } catch (ClusterGoneException e) {
            throw new StageException(STAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private void renewAlways() {
        while (true) {
            try {
                Thread.sleep(timing.renewal());
                renew();
            } catch (InterruptedException e) {
                return;
            } catch (ClusterGoneException e) {
                // The next renewal may come through; the run itself notices a cluster that is gone.
            }
        }
    }

    private synchronized void renew() throws ClusterGoneException, InterruptedException {
        update(object);
    }

    private synchronized ApiAnswer update(ObjectNode changed)
            throws ClusterGoneException, InterruptedException {
        ApiAnswer answer = send(cluster, "PUT", kind.path(), kind.renewed(changed, now()));
        if (answer.code() == CONFLICT) {
            // A renewal whose answer was lost; or it is another's now, which the second answer
            // says.
            ApiAnswer found = cluster.get(kind.path());
            if (found.ok() && kind.holder(found.json()).equals(holder)) {
                ObjectNode again = kind.withNote((ObjectNode) found.json(), kind.note(changed));
                answer = send(cluster, "PUT", kind.path(), kind.renewed(again, now()));
            }
        }
        if (answer.ok()) {
            object = (ObjectNode) answer.json();
        }
        return answer;
    }

    static Instant now() {
        return LabClock.system().instant();
    }

    /**
     * Gives it up.
     *
     * @param left what could not be undone: it stays noted, for another try
     * @return what went wrong, in a sentence; null where nothing did
     */
    @Nullable String release(List<Undo> left) {
        close();
        try {
            while (true) {
                ApiAnswer found = cluster.get(kind.path());
                if (found.code() == MISSING) {
                    return null;
                }
                if (!found.ok() || !kind.holder(found.json()).equals(holder)) {
                    return kind.title()
                            + " is no longer this run's: "
                            + (found.ok()
                                    ? kind.holder(found.json()) + " has it"
                                    : found.message());
                }
                ApiAnswer answer = givenUp((ObjectNode) found.json(), left);
                // A renewal that was on its way came in between: once more.
                if (answer.code() != CONFLICT) {
                    return answer.ok() || answer.code() == MISSING
                            ? null
                            : kind.title() + " could not be given up: " + answer.message();
                }
            }
        } catch (ClusterGoneException e) {
            return kind.title() + " may still be there: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return kind.title() + " is still there: stopped while cleaning up";
        }
    }

    private ApiAnswer givenUp(ObjectNode found, List<Undo> left)
            throws ClusterGoneException, InterruptedException {
        if (left.isEmpty()) {
            return kind.delete(cluster, found);
        }
        ObjectNode noted = kind.withNote(found, UndoNote.write(left));
        return send(cluster, "PUT", kind.path(), kind.released(noted));
    }

    /** Only ends its renewal: what was not released stays noted, and can be taken over. */
    @Override
    public void close() {
        Thread thread = renewing;
        if (thread != null) {
            thread.interrupt();
            renewing = null;
        }
    }
}
