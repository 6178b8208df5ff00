package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.base.Times;
import dev.headroom.cluster.api.base.Versions;
import dev.headroom.cluster.api.kind.Kind;
import dev.headroom.cluster.api.kind.Rules;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What of an object is the server's, whatever a request says of it: what names it, its times and generations, the part that is not asked for. */
final class ServerFields {
    /** Where etcd has what is not kept under its plural, for the texts that tell of it. */
    private static final Map<String, String> STORED_AS =
            Map.of(
                    "services",
                    "services/specs",
                    "endpoints",
                    "services/endpoints",
                    "nodes",
                    "minions");

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

    /**
     * What names the object must be the same, and what the server keeps is carried over.
     *
     * @param whole whether the object has come whole, so that its uid says which one is to be replaced; else a uid is a field that cannot change
     */
    static void identity(Served served, ObjectNode object, ObjectNode old, boolean whole) {
        ObjectNode metadata = Json.metadata(object);
        JsonNode before = old.path("metadata");
        String name = Json.text(before, "name");
        String uid = Json.text(metadata, "uid");
        if (whole && !uid.isEmpty() && !uid.equals(Json.text(before, "uid"))) {
            throw otherUid(served.type(), old, uid);
        }
        inNamespace(served.type(), Json.text(before, "namespace"), metadata);
        if (Json.text(metadata, "name").isEmpty()) {
            throw Statuses.badRequest(
                    "the name of the object ("
                            + name
                            + " based on URL) was undeterminable: name must be provided");
        } else if (!Json.text(metadata, "name").equals(name)) {
            throw Statuses.badRequest(
                    "the name of the object ("
                            + Json.text(metadata, "name")
                            + ") does not match the name on the URL ("
                            + name
                            + ")");
        }
        version(served, metadata, before);
        if (uid.isEmpty()) {
            Json.copy(metadata, "uid", before.path("uid"));
        }
        for (String kept :
                List.of(
                        "resourceVersion",
                        "creationTimestamp",
                        "generateName",
                        "generation",
                        "deletionTimestamp",
                        "deletionGracePeriodSeconds")) {
            Json.copy(metadata, kept, before.path(kept));
        }
    }

    /** What is to be replaced must be the version that is there, where one is named. */
    private static void version(Served served, JsonNode metadata, JsonNode before) {
        String name = Json.text(before, "name");
        String text = Json.text(metadata, "resourceVersion");
        String fault = text.isEmpty() ? null : Versions.fault(text);
        if (fault != null) {
            throw Statuses.unexplained(fault);
        }
        Long version = Versions.of(text);
        if (version == null || version == 0) {
            if (served.kind().rules().needsVersion()) {
                throw Statuses.invalid(
                        served.type().plural(),
                        served.type().group(),
                        name,
                        List.of(
                                Cause.invalid(
                                        "metadata.resourceVersion",
                                        0,
                                        "must be specified for an update")));
            }
        } else if (!version.equals(Versions.of(Json.text(before, "resourceVersion")))) {
            throw Statuses.modified(served.type(), name);
        }
    }

    /** An update that is for another object of the same name. */
    static ApiException otherUid(ResourceType type, JsonNode object, String uid) {
        String namespace = Json.namespace(object);
        return Statuses.conflict(
                type,
                Json.name(object),
                "StorageError: invalid object, Code: 4, Key: /registry/"
                        + STORED_AS.getOrDefault(type.plural(), type.plural())
                        + "/"
                        + (namespace.isEmpty() ? "" : namespace + "/")
                        + Json.name(object)
                        + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
                        + uid
                        + ", UID in object meta: "
                        + Json.uid(object));
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
