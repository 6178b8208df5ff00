package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is wrong with an object's metadata, and pieces that several kinds share (upstream: apimachinery's validation). */
public final class MetaValidation {
    static final String NOT_NEGATIVE = "must be greater than or equal to 0";
    static final String IMMUTABLE = "field is immutable";

    /** Of all annotations of an object together, in bytes (upstream: TotalAnnotationSizeLimitB). */
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

    private MetaValidation() {}

    public static void metadata(JsonNode object, Rules rules, Causes causes) {
        JsonNode metadata = object.path("metadata");
        String name = Json.text(metadata, "name");
        String generate = Json.text(metadata, "generateName");
        if (!generate.isEmpty()) {
            // A name may end in what is not allowed at an end, since more follows.
            String stem = generate.replaceFirst("-$", "a");
            causes.invalid("metadata.generateName", generate, rules.nameProblem(stem));
        }
        if (name.isEmpty()) {
            causes.add(Cause.required("metadata.name", "name or generateName is required"));
        } else {
            causes.invalid("metadata.name", name, rules.nameProblem(name));
        }
        if (Json.integer(metadata, 0, "generation") < 0) {
            causes.add(
                    Cause.invalid(
                            "metadata.generation", metadata.path("generation"), NOT_NEGATIVE));
        }
        labels(metadata.path("labels"), "metadata.labels", causes);
        annotations(metadata.path("annotations"), "metadata.annotations", causes);
        owners(metadata.path("ownerReferences"), causes);
        JsonNode finalizers = metadata.path("finalizers");
        for (int i = 0; i < finalizers.size(); i++) {
            String finalizer = finalizers.get(i).asString("");
            String problem = Names.qualified(finalizer);
            causes.invalid("metadata.finalizers", finalizer, problem);
            boolean known =
                    Set.of("foregroundDeletion", "orphan", "kubernetes").contains(finalizer);
            if (problem == null && !finalizer.contains("/") && !known) {
                causes.invalid(
                        "metadata.finalizers[" + i + "]",
                        finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    public static void labels(JsonNode labels, String field, Causes causes) {
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            causes.invalid(field, label.getKey(), Names.qualified(label.getKey()));
            String value = label.getValue().asString("");
            causes.invalid(field, value, Names.labelValue(value));
        }
    }

    static void annotations(JsonNode annotations, String field, Causes causes) {
        for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
            String key = annotation.getKey();
            causes.invalid(field, key, Names.qualified(key.toLowerCase(Locale.ROOT)));
        }
        if (!fits(annotations)) {
            causes.add(Cause.tooLong(field, ANNOTATIONS_LIMIT));
        }
    }

    /** Whether an object may have these annotations, as for their size: the bytes of keys and values, in UTF-8. */
    public static boolean fits(JsonNode annotations) {
        long bytes = 0;
        for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
            bytes += bytes(annotation.getKey()) + bytes(annotation.getValue().asString(""));
        }
        return bytes <= ANNOTATIONS_LIMIT;
    }

    private static long bytes(String text) {
        return text.codePoints()
                .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4)
                .sum();
    }

    private static void owners(JsonNode owners, Causes causes) {
        Set<String> controllers = new HashSet<>();
        for (int i = 0; i < owners.size(); i++) {
            JsonNode owner = owners.get(i);
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (Json.text(owner, field).isEmpty()) {
                    causes.add(
                            Cause.invalid(
                                    "metadata.ownerReferences." + field,
                                    "",
                                    field.equals("apiVersion")
                                            ? "version must not be empty"
                                            : "must not be empty"));
                }
            }
            if (Json.flag(owner, "controller")) {
                controllers.add(Json.text(owner, "kind") + "/" + Json.text(owner, "name"));
            }
        }
        if (controllers.size() > 1) {
            causes.add(
                    Cause.invalid(
                            "metadata.ownerReferences",
                            owners,
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + String.join(" and ", controllers)));
        }
    }

    /** What may not change in metadata. */
    public static void update(JsonNode object, JsonNode old, Causes causes) {
        for (String field : List.of("name", "namespace", "uid", "creationTimestamp")) {
            JsonNode now = Json.at(object, "metadata", field);
            if (!Json.same(now, Json.at(old, "metadata", field))) {
                causes.add(Cause.invalid("metadata." + field, now, IMMUTABLE));
            }
        }
        boolean deleting = Json.has(old, "metadata", "deletionTimestamp");
        if (deleting) {
            Set<String> before = Set.copyOf(Json.texts(Json.at(old, "metadata", "finalizers")));
            for (String finalizer : Json.texts(Json.at(object, "metadata", "finalizers"))) {
                if (!before.contains(finalizer)) {
                    causes.add(
                            Cause.forbidden(
                                    "metadata.finalizers",
                                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{\""
                                            + finalizer
                                            + "\"}"));
                }
            }
        }
    }

    /** A number that must not be negative, where it is there. */
    static void notNegative(JsonNode object, String field, Causes causes, String... path) {
        JsonNode value = Json.at(object, path);
        if (value.isIntegralNumber() && value.longValue() < 0) {
            causes.add(Cause.invalid(field, value.longValue(), NOT_NEGATIVE));
        }
    }

    static void immutable(JsonNode now, JsonNode old, String field, Causes causes) {
        if (!Json.same(now, old)) {
            causes.add(Cause.invalid(field, now, IMMUTABLE));
        }
    }

    /** A label selector of an object. */
    static void selector(JsonNode selector, String field, Causes causes) {
        labels(selector.path("matchLabels"), field + ".matchLabels", causes);
        JsonNode expressions = selector.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            JsonNode expression = expressions.get(i);
            String at = field + ".matchExpressions[" + i + "]";
            int values = expression.path("values").size();
            switch (Json.text(expression, "operator")) {
                case "In", "NotIn" -> {
                    if (values == 0) {
                        causes.add(
                                Cause.required(
                                        at + ".values",
                                        "must be specified when `operator` is 'In' or 'NotIn'"));
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (values > 0) {
                        causes.add(
                                Cause.forbidden(
                                        at + ".values",
                                        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
                    }
                }
                default ->
                        causes.invalid(
                                at + ".operator",
                                Json.text(expression, "operator"),
                                "not a valid selector operator");
            }
            String key = Json.text(expression, "key");
            causes.invalid(at + ".key", key, Names.qualified(key));
            for (String value : Json.texts(expression.path("values"))) {
                causes.invalid(at + ".values", value, Names.labelValue(value));
            }
        }
    }

    /** Between 1 and 65535, else upstream's words. */
    static @Nullable String port(long port) {
        return port >= 1 && port <= 65_535 ? null : "must be between 1 and 65535, inclusive";
    }
}
