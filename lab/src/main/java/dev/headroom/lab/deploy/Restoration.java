package dev.headroom.lab.deploy;

import dev.headroom.lab.run.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Undoes what a run left that was killed, by the note on its claim. */
public final class Restoration {
    private Restoration() {}

    /**
     * Undoes it.
     *
     * @param says hears of what is waited for and of what is undone
     * @return what could not be undone, in sentences; null where there is no claim at all
     * @throws StageException where a run holds the claim, or the cluster does not answer
     */
    public static @Nullable List<String> restore(Cluster cluster, Consumer<String> says)
            throws StageException, InterruptedException {
        return restore(cluster, Claim.Timing.NORMAL, says);
    }

    static @Nullable List<String> restore(
            Cluster cluster, Claim.Timing timing, Consumer<String> says)
            throws StageException, InterruptedException {
        String namespace = cluster.namespace();
        try {
            if (cluster.get(ClaimObject.in(cluster, namespace).path()).code() == 404) {
                return null;
            }
        } catch (ClusterGoneException e) {
            throw new StageException("deploy", String.valueOf(e.getMessage()), e);
        }
        try (Claim claim = Claim.take(cluster, namespace, "restore", timing, says)) {
            return undo(cluster, claim, says);
        }
    }

    /**
     * Undoes what a claim that was taken over has noted, so that a run can begin; the claim stays.
     *
     * @throws StageException where something could not be undone: it stays noted
     */
    static void clear(Cluster cluster, Claim claim, Consumer<String> says) throws StageException {
        if (claim.leftovers().isEmpty()) {
            return;
        }
        says.accept(
                "an earlier run was killed: undoing what it left ("
                        + String.join(", ", claim.leftovers().stream().map(Undo::title).toList())
                        + ")");
        Remover remover = new Remover(cluster);
        List<String> left = remover.remove(claim.leftovers().reversed());
        if (!left.isEmpty()) {
            claim.release(open(claim.leftovers(), remover));
            throw new StageException(
                    "deploy",
                    "what an earlier run left could not be undone: "
                            + String.join("; ", left)
                            + "; undo it, and delete the claim named "
                            + ClaimObject.NAME,
                    null);
        }
    }

    private static List<String> undo(Cluster cluster, Claim claim, Consumer<String> says) {
        Remover remover = new Remover(cluster);
        List<String> left = new ArrayList<>(remover.remove(claim.leftovers().reversed()));
        for (Undo one : remover.undone()) {
            says.accept(one.title() + (one.before() == null ? " is gone" : " is as it was"));
        }
        String problem = claim.release(open(claim.leftovers(), remover));
        if (problem != null) {
            left.add(problem);
        }
        return left;
    }

    private static List<Undo> open(List<Undo> noted, Remover remover) {
        List<Undo> open = new ArrayList<>(noted);
        open.removeAll(remover.undone());
        return open;
    }
}
