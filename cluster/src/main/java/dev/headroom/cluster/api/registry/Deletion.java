package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client asks of a deletion ({@code meta/v1 DeleteOptions}). */
public record Deletion(
        @Nullable Long gracePeriodSeconds,
        @Nullable String propagation,
        @Nullable String uid,
        @Nullable String resourceVersion) {
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";

    public static Deletion of(DeleteOptions options) {
        return new Deletion(
                options.gracePeriodSeconds(),
                options.propagation(),
                options.uid(),
                options.resourceVersion());
    }

    void check(ResourceType type, JsonNode object) {
        if (uid != null && !uid.equals(Json.uid(object))) {
            throw Statuses.conflict(
                    type,
                    Json.name(object),
                    "Precondition failed: UID in precondition: "
                            + uid
                            + ", UID in object meta: "
                            + Json.uid(object));
        }
        if (resourceVersion != null && !resourceVersion.equals(Json.version(object))) {
            throw Statuses.conflict(
                    type,
                    Json.name(object),
                    "Precondition failed: ResourceVersion in precondition: "
                            + resourceVersion
                            + ", ResourceVersion in object meta: "
                            + Json.version(object));
        }
    }

    /** Writes the wish for dependents into the finalizers, where the garbage collector reads it. */
    void finalizers(ObjectNode metadata) {
        if (propagation == null) {
            return;
        }
        List<String> wanted = new ArrayList<>(Json.texts(metadata.path("finalizers")));
        wanted.remove(FOREGROUND);
        wanted.remove(ORPHAN);
        switch (propagation) {
            case "Foreground" -> wanted.add(FOREGROUND);
            case "Orphan" -> wanted.add(ORPHAN);
            default -> {}
        }
        metadata.remove("finalizers");
        if (!wanted.isEmpty()) {
            ArrayNode list = metadata.putArray("finalizers");
            wanted.forEach(list::add);
        }
    }
}
