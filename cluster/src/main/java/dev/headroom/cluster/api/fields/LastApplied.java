package dev.headroom.cluster.api.fields;

import dev.headroom.cluster.api.base.GoText;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.kind.MetaValidation;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.node.ObjectNode;

/**
 * The annotation in which {@code kubectl apply} keeps a configuration, where {@code kubectl apply --server-side} follows it: what was applied by the one is no conflict for the other, and the annotation
 * says what was applied last, so that there is a way back (apimachinery, {@code lastAppliedManager} and {@code lastAppliedUpdater}).
 */
final class LastApplied {
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

    private LastApplied() {}

    /** Only kubectl's own server-side apply follows; whoever names another manager does without. */
    private static boolean follows(String manager) {
        return manager.equals("kubectl");
    }

    private static String of(ObjectNode object) {
        return Json.text(object.path("metadata").path("annotations"), ANNOTATION);
    }

    /** What the annotation states and the object still has: a manager that applies it may take this from whoever owns it. */
    static FieldSet unchanged(String manager, Shape shape, String apiVersion, ObjectNode live) {
        String text = follows(manager) ? of(live) : "";
        if (text.isEmpty()) {
            return new FieldSet();
        }
        JsonNode applied;
        try {
            applied = Json.MAPPER.readTree(text);
        } catch (JacksonException notJson) {
            return new FieldSet();
        }
        if (!applied.isObject() || !Json.text(applied, "apiVersion").equals(apiVersion)) {
            return new FieldSet();
        }
        FieldSet stated = Comparison.stated(shape, applied);
        Comparison since = new Comparison(shape, applied, live);
        stated.removeAll(since.modified);
        stated.removeAll(since.added);
        stated.removeAll(since.removed);
        return stated;
    }

    /** Writes what was applied into the annotation, where the object has one. */
    static void follow(String manager, ObjectNode applied, ObjectNode merged) {
        if (!follows(manager) || of(merged).isEmpty()) {
            return;
        }
        ObjectNode bare = applied.deepCopy();
        if (bare.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        ObjectNode annotations = (ObjectNode) merged.path("metadata").path("annotations");
        annotations.put(ANNOTATION, inGosOrder(bare) + "\n");
        if (!MetaValidation.fits(annotations)) {
            annotations.remove(ANNOTATION);
        }
    }

    /** As encoding/json writes a map: keys in order, nothing that HTML could take for its own. */
    private static String inGosOrder(JsonNode value) {
        return GoText.escaped(
                Json.MAPPER
                        .writer()
                        .with(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
                        .writeValueAsString(value));
    }
}
