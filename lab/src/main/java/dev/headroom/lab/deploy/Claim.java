package dev.headroom.lab.deploy;

import dev.headroom.lab.run.LabClock;
import dev.headroom.lab.run.StageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run's claim on a namespace of somebody's own cluster, so that no two runs meet there: a Lease {@code headroom}, or a ConfigMap where the cluster serves no leases. It
 * is renewed while the run lasts, and a note on it says what has to be undone, so that another can do it if this program is killed.
 */
public final class Claim implements AutoCloseable {
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
    private final List<Undo> leftovers;
    private ObjectNode object;
    private @Nullable Thread renewing;
    private @Nullable String lostTo;
    private Runnable onLoss = () -> {};

    private Claim(
            Cluster cluster,
            ClaimObject kind,
            Timing timing,
            String holder,
            ObjectNode object,
            List<Undo> leftovers) {
        this.cluster = cluster;
        this.kind = kind;
        this.timing = timing;
        this.holder = holder;
        this.object = object;
        this.leftovers = leftovers;
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
            return new Claimant(cluster, kind, timing, experiment, says).take();
        } catch (ClusterGoneException e) {
            throw new StageException(ClaimObject.STAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** The claim as it was taken; from now on it is renewed. */
    static Claim held(
            Cluster cluster,
            ClaimObject kind,
            Timing timing,
            String holder,
            ObjectNode object,
            List<Undo> leftovers) {
        Claim claim = new Claim(cluster, kind, timing, holder, object, leftovers);
        claim.renewing = Thread.ofVirtual().name("claim").start(claim::renewAlways);
        return claim;
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
            kind.allowed(update(kind.withNote(object, UndoNote.write(planned))));
        } catch (ClusterGoneException e) {
            throw new StageException(ClaimObject.STAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Who has taken it over, since it could not be renewed for longer than it lives; null where nobody has.
     */
    synchronized @Nullable String lostTo() {
        return lostTo;
    }

    /**
     * Hears of a loss, at once if it has happened.
     *
     * @param heard called once
     */
    synchronized void onLoss(Runnable heard) {
        onLoss = heard;
        if (lostTo != null) {
            heard.run();
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
        ApiAnswer answer = kind.send(cluster, "PUT", kind.path(), kind.renewed(changed, now()));
        if (answer.code() == ClaimObject.CONFLICT) {
            // A renewal whose answer was lost; or it is another's now, which the second answer
            // says.
            ApiAnswer found = cluster.get(kind.path());
            String has = found.ok() ? kind.holder(found.json()) : holder;
            if (!has.equals(holder)) {
                lost(has);
            } else if (found.ok()) {
                ObjectNode again = kind.withNote((ObjectNode) found.json(), kind.note(changed));
                answer = kind.send(cluster, "PUT", kind.path(), kind.renewed(again, now()));
            }
        }
        if (answer.ok()) {
            object = (ObjectNode) answer.json();
        }
        return answer;
    }

    private void lost(String other) {
        if (lostTo == null) {
            lostTo = other.isEmpty() ? "nobody" : other;
            onLoss.run();
        }
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
                if (found.code() == ClaimObject.MISSING) {
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
                if (answer.code() != ClaimObject.CONFLICT) {
                    return answer.ok() || answer.code() == ClaimObject.MISSING
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
        return kind.send(cluster, "PUT", kind.path(), kind.released(noted));
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
