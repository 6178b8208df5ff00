package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.objects.ApiException;
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
            throw conflict(
                    type,
                    object,
                    "the UID in the precondition ("
                            + uid
                            + ") does not match the UID in record ("
                            + Json.uid(object)
                            + "). The object might have been deleted and then recreated");
        }
        if (resourceVersion != null && !resourceVersion.equals(Json.version(object))) {
            throw conflict(
                    type,
                    object,
                    "the ResourceVersion in the precondition ("
                            + resourceVersion
                            + ") does not match the ResourceVersion in record ("
                            + Json.version(object)
                            + "). The object might have been modified");
        }
    }

    /** Upstream names the kind where others name the resource. */
    private static ApiException conflict(ResourceType type, JsonNode object, String why) {
        ResourceType kind =
                new ResourceType(
                        type.group(), type.version(), type.kind(), type.kind(), type.namespaced());
        return Statuses.conflict(kind, Json.name(object), why);
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
