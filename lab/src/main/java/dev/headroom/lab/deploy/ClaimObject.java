package dev.headroom.lab.deploy;

import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.StageException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a claim is written and sent: as a Lease (coordination.k8s.io/v1), or as a ConfigMap with the same fields.
 *
 * @param lease whether it is a Lease
 */
record ClaimObject(boolean lease, String namespace, String collection) {
    static final String STAGE = "deploy";
    static final int CONFLICT = 409;
    static final int MISSING = 404;
    static final String NAME = "headroom";
    private static final String NOTE = "headroom.dev/undo";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** RFC 3339 with microseconds, as Kubernetes' MicroTime. */
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    static ClaimObject in(Cluster cluster, String namespace)
            throws ClusterGoneException, InterruptedException {
        String leases = cluster.collection("coordination.k8s.io/v1", "Lease", namespace);
        return leases != null
                ? new ClaimObject(true, namespace, leases)
                : new ClaimObject(
                        false, namespace, "/api/v1/namespaces/" + namespace + "/configmaps");
    }

    String path() {
        return collection + "/" + NAME;
    }

    String title() {
        return (lease ? "Lease/" : "ConfigMap/") + NAME;
    }

    ObjectNode object(String holder, Duration life) {
        ObjectNode object = Json.mapper().createObjectNode();
        object.put("apiVersion", lease ? "coordination.k8s.io/v1" : "v1");
        object.put("kind", lease ? "Lease" : "ConfigMap");
        object.putObject("metadata").put("name", NAME).put("namespace", namespace);
        return held(object, holder, life);
    }

    /** Another's claim as one's own; its note stays until what it says is undone. */
    ObjectNode takenOver(JsonNode theirs, String holder, Duration life) {
        return held((ObjectNode) theirs.deepCopy(), holder, life);
    }

    private ObjectNode held(ObjectNode object, String holder, Duration life) {
        ObjectNode fields = fields(object);
        fields.put("holderIdentity", holder);
        if (lease) {
            fields.put("leaseDurationSeconds", life.toSeconds());
        } else {
            // All that a ConfigMap holds is text.
            fields.put("leaseDurationSeconds", String.valueOf(life.toSeconds()));
        }
        fields.put("acquireTime", MICROS.format(Claim.now()));
        return renewed(object, Claim.now());
    }

    private ObjectNode fields(ObjectNode object) {
        String name = lease ? "spec" : "data";
        return object.path(name) instanceof ObjectNode there ? there : object.putObject(name);
    }

    ObjectNode renewed(ObjectNode object, Instant now) {
        ObjectNode renewed = object.deepCopy();
        fields(renewed).put("renewTime", MICROS.format(now));
        return renewed;
    }

    /** Without a holder: whoever comes next need not wait. */
    ObjectNode released(ObjectNode object) {
        ObjectNode released = object.deepCopy();
        fields(released).put("holderIdentity", "");
        return released;
    }

    String holder(JsonNode object) {
        return object.path(lease ? "spec" : "data").path("holderIdentity").asString("");
    }

    Duration life(JsonNode object, Duration otherwise) {
        String seconds =
                object.path(lease ? "spec" : "data").path("leaseDurationSeconds").asString("");
        return seconds.matches("[0-9]{1,4}")
                ? Duration.ofSeconds(Long.parseLong(seconds))
                : otherwise;
    }

    String note(JsonNode object) {
        return object.path("metadata").path("annotations").path(NOTE).asString("");
    }

    ObjectNode withNote(ObjectNode object, String note) {
        ObjectNode noted = object.deepCopy();
        ObjectNode metadata = (ObjectNode) noted.path("metadata");
        ObjectNode annotations =
                metadata.path("annotations") instanceof ObjectNode there
                        ? there
                        : metadata.putObject("annotations");
        annotations.put(NOTE, note);
        return noted;
    }

    ApiAnswer send(Cluster cluster, String method, String path, ObjectNode object)
            throws ClusterGoneException, InterruptedException {
        return cluster.send(method, path, "application/json", object.toString(), PATIENCE);
    }

    /** The object of an answer that is good; any other means that the claim can't be had. */
    JsonNode allowed(ApiAnswer answer) throws StageException {
        if (answer.ok()) {
            return answer.json();
        }
        throw new StageException(
                STAGE,
                "the claim "
                        + title()
                        + " that keeps two runs apart can't be had: "
                        + answer.message()
                        + "; deploy/access has the rights that a run needs",
                null);
    }

    /** Only as it was last seen: one that another has taken over is not deleted. */
    ApiAnswer delete(Cluster cluster, ObjectNode object)
            throws ClusterGoneException, InterruptedException {
        ObjectNode options = Json.mapper().createObjectNode();
        options.put("kind", "DeleteOptions").put("apiVersion", "v1");
        options.putObject("preconditions")
                .put("uid", object.path("metadata").path("uid").asString(""))
                .put(
                        "resourceVersion",
                        object.path("metadata").path("resourceVersion").asString(""));
        return cluster.send("DELETE", path(), "application/json", options.toString(), PATIENCE);
    }
}
