package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Times;
import dev.headroom.cluster.api.kind.Kind;
import dev.headroom.cluster.api.store.Store;
import dev.headroom.cluster.objects.ResourceType;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How objects leave the {@link Store}: at once, or, while finalizers or a grace period hold them, marked as on their way out and removed by the
 * write that takes the last hold away.
 */
final class Removals {
    private final Store store;
    private final InstantSource clock;

    Removals(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Stores the object, or removes it where it was only held up by what has just gone; false where somebody else was quicker. */
    boolean write(Kind kind, ObjectNode object, ObjectNode old) {
        boolean held =
                !Json.at(object, "metadata", "finalizers").isEmpty()
                        || kind.type().equals(ResourceType.NAMESPACE)
                                && !Json.at(object, "spec", "finalizers").isEmpty()
                        || Json.integer(object, 0, "metadata", "deletionGracePeriodSeconds") > 0;
        if (Json.has(object, "metadata", "deletionTimestamp") && !held) {
            return remove(kind, old, object);
        }
        return store.replace(kind.type(), old, object);
    }

    private boolean remove(Kind kind, ObjectNode old, ObjectNode last) {
        boolean removed = store.remove(kind.type(), old, last);
        if (removed) {
            kind.rules().released(old);
        }
        return removed;
    }

    /** One try of a deletion; null where somebody else was quicker. */
    Registry.@Nullable Deleted delete(Caller caller, Kind kind, ObjectNode old, Deletion deletion) {
        ObjectNode object = old.deepCopy();
        ObjectNode metadata = Json.metadata(object);
        deletion.finalizers(metadata);
        long grace = kind.rules().gracePeriodSeconds(old, deletion.gracePeriodSeconds());
        boolean deleting = Json.has(old, "metadata", "deletionTimestamp");
        boolean namespace = kind.type().equals(ResourceType.NAMESPACE);
        boolean held =
                !metadata.path("finalizers").isEmpty()
                        || namespace && !Json.at(old, "spec", "finalizers").isEmpty();
        if (grace == 0 && !held) {
            boolean done = caller.dryRun() || remove(kind, old, object);
            return done ? new Registry.Deleted(old, true) : null;
        }
        long before = Json.integer(old, 0, "metadata", "deletionGracePeriodSeconds");
        if (!deleting || grace < before) {
            // A pod that is left to its node is told by when; a later request can only make it
            // sooner.
            String at = Times.seconds(clock.instant().plusSeconds(grace));
            metadata.put("deletionTimestamp", at);
            Json.put(metadata, "deletionGracePeriodSeconds", grace);
            if (!deleting && kind.rules().hasGeneration()) {
                long generation = Json.integer(old, 0, "metadata", "generation");
                Json.put(metadata, "generation", generation + 1);
            }
            if (namespace) {
                Json.ensure(object, "status").put("phase", "Terminating");
                metadata.remove("deletionGracePeriodSeconds");
            }
        }
        if (Json.same(object, old) || caller.dryRun()) {
            return new Registry.Deleted(object, false);
        }
        return store.replace(kind.type(), old, object) ? new Registry.Deleted(object, false) : null;
    }
}
