package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.base.Times;
import dev.headroom.cluster.api.kind.Kind;
import dev.headroom.cluster.api.kind.Rules;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.objects.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What of an object is the server's, whatever a request says of it: what names it, its times and generations, the part that is not asked for. */
final class ServerFields {
    private ServerFields() {}

    /** Of an object that is created. */
    static void fresh(ObjectNode metadata, Rules rules, Instant now) {
        metadata.remove("deletionTimestamp");
        metadata.remove("deletionGracePeriodSeconds");
        metadata.remove("selfLink");
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Times.seconds(now));
        metadata.remove("generation");
        if (rules.hasGeneration()) {
            Json.put(metadata, "generation", 1);
        }
    }

    /** The namespace of the request is the object's, or it says another and is refused. */
    static void inNamespace(ResourceType type, String namespace, ObjectNode metadata) {
        String given = Json.text(metadata, "namespace");
        if (!type.namespaced()) {
            metadata.remove("namespace");
        } else if (given.isEmpty()) {
            metadata.put("namespace", namespace);
        } else if (!given.equals(namespace)) {
            throw Statuses.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    /** What names the object must be the same, and what the server keeps is carried over. */
    static void identity(Served served, ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Json.metadata(object);
        JsonNode before = old.path("metadata");
        String name = Json.text(before, "name");
        if (Json.text(metadata, "name").isEmpty()) {
            metadata.put("name", name);
        } else if (!Json.text(metadata, "name").equals(name)) {
            throw Statuses.badRequest(
                    "the name of the object ("
                            + Json.text(metadata, "name")
                            + ") does not match the name on the URL ("
                            + name
                            + ")");
        }
        inNamespace(served.type(), Json.text(before, "namespace"), metadata);
        String uid = Json.text(metadata, "uid");
        if (!uid.isEmpty() && !uid.equals(Json.text(before, "uid"))) {
            throw Statuses.conflict(
                    served.type(),
                    name,
                    "Precondition failed: UID in precondition: "
                            + uid
                            + ", UID in object meta: "
                            + Json.text(before, "uid"));
        }
        String version = Json.text(metadata, "resourceVersion");
        if (!version.isEmpty() && !version.equals(Json.text(before, "resourceVersion"))) {
            throw Statuses.modified(served.type(), name);
        }
        for (String kept :
                List.of(
                        "uid",
                        "resourceVersion",
                        "creationTimestamp",
                        "generateName",
                        "generation",
                        "deletionTimestamp",
                        "deletionGracePeriodSeconds")) {
            Json.copy(metadata, kept, before.path(kept));
        }
    }

    /** Keeps an update to the part that it is for, and counts generations. */
    static void limit(Kind kind, String subresource, ObjectNode object, ObjectNode old) {
        Rules rules = kind.rules();
        switch (subresource) {
            case "" -> {
                if (rules.hasStatus()) {
                    Json.copy(object, "status", old.path("status"));
                }
                rules.prepareUpdate(object, old);
                if (rules.hasGeneration() && rules.specChanged(object, old)) {
                    long generation = Json.integer(old, 0, "metadata", "generation");
                    Json.put(Json.metadata(object), "generation", generation + 1);
                }
            }
            case "status" -> {
                Json.copy(object, "spec", old.path("spec"));
                Json.copy(
                        Json.metadata(object),
                        "ownerReferences",
                        Json.at(old, "metadata", "ownerReferences"));
                rules.prepareStatus(object, old);
            }
            case "binding" -> {}
            case "finalize" -> Json.copy(object, "status", old.path("status"));
            default -> throw Statuses.methodNotAllowed();
        }
    }
}
