package dev.headroom.lab.deploy;

import dev.headroom.lab.run.StageException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run that wants the claim on a namespace.
 *
 * <p>Whether a claim's holder is alive is seen as client-go's leader election sees it: by whether the claim changes within its time, on one's own clock. No two clocks are
 * compared.
 */
final class Claimant {
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final ClaimObject kind;
    private final Claim.Timing timing;
    private final String holder;
    private final Consumer<String> says;

    /**
     * @param says hears of what is waited for
     */
    Claimant(
            Cluster cluster,
            ClaimObject kind,
            Claim.Timing timing,
            String experiment,
            Consumer<String> says) {
        this.cluster = cluster;
        this.kind = kind;
        this.timing = timing;
        this.holder = holder(experiment);
        this.says = says;
    }

    /** Until the claim is had, or it is clear that another run has it. */
    Claim take() throws ClusterGoneException, StageException, InterruptedException {
        while (true) {
            Claim taken = attempt();
            if (taken != null) {
                return taken;
            }
        }
    }

    /** Null where another was quicker. */
    private @Nullable Claim attempt()
            throws ClusterGoneException, StageException, InterruptedException {
        ApiAnswer found = cluster.get(kind.path());
        if (found.code() == ClaimObject.MISSING) {
            ObjectNode wanted = kind.object(holder, timing.life());
            ApiAnswer made = kind.send(cluster, "POST", kind.collection(), wanted);
            return made.code() == ClaimObject.CONFLICT
                    ? null
                    : taken(kind.allowed(made), List.of());
        }
        JsonNode theirs = kind.allowed(found);
        if (kind.holder(theirs).equals(holder)) {
            // Made by a request whose answer was lost.
            return taken(theirs, List.of());
        }
        awaitGone(theirs);
        List<Undo> leftovers = UndoNote.read(kind.note(theirs));
        ObjectNode ours = kind.takenOver(theirs, holder, timing.life());
        ApiAnswer answer = kind.send(cluster, "PUT", kind.path(), ours);
        return answer.code() == ClaimObject.CONFLICT || answer.code() == ClaimObject.MISSING
                ? null
                : taken(kind.allowed(answer), leftovers);
    }

    private Claim taken(JsonNode object, List<Undo> leftovers) {
        return Claim.held(cluster, kind, timing, holder, (ObjectNode) object, leftovers);
    }

    /** Returns once the holder gave no sign of life for as long as its claim lives. */
    private void awaitGone(JsonNode theirs)
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
            long asked = System.nanoTime();
            ApiAnswer now = cluster.get(kind.path());
            if (!now.ok() || System.nanoTime() - asked > SLOW.toNanos()) {
                // As long as the server is in trouble, the holder can't give a sign of life either.
                end = System.nanoTime() + life.toNanos();
            }
            if (now.code() == ClaimObject.MISSING) {
                return;
            }
            if (now.ok() && !version(now.json()).equals(version(theirs))) {
                String holds = kind.holder(now.json());
                if (holds.isEmpty()) {
                    return;
                }
                throw new StageException(
                        ClaimObject.STAGE,
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
}
