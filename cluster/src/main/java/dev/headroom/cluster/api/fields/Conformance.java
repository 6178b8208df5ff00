package dev.headroom.cluster.api.fields;

import dev.headroom.cluster.api.base.GoText;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.schema.Field.Merge;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.schema.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether a configuration that is applied fits its schema; what does not, in structured-merge-diff's words ({@code typed/validate.go}). */
public final class Conformance {
    private final List<String> faults = new ArrayList<>();
    private final List<String> path = new ArrayList<>();

    private Conformance() {}

    /**
     * Refuses a configuration that does not fit its schema.
     *
     * @param definition the schema's name in OpenAPI
     */
    public static void check(Schemas schemas, String definition, ObjectNode applied) {
        Conformance conformance = new Conformance();
        conformance.check(Shape.of(schemas, definition), applied);
        List<String> faults = conformance.faults;
        if (!faults.isEmpty()) {
            throw Statuses.unexplained(
                    "failed to create typed patch object ("
                            + Json.namespace(applied)
                            + "/"
                            + Json.name(applied)
                            + "; "
                            + Json.text(applied, "apiVersion")
                            + ", Kind="
                            + Json.text(applied, "kind")
                            + "): "
                            + (faults.size() == 1
                                    ? faults.getFirst()
                                    : "errors:\n  " + String.join("\n  ", faults)));
        }
    }

    private void check(Shape shape, JsonNode value) {
        if (value.isNull()) {
            return;
        }
        switch (shape.type()) {
            case Type.Struct struct -> fields(shape, value);
            case Type.MapOf map -> fields(shape, value);
            case Type.ListOf list -> elements(shape, value);
            case Type.Any any -> {}
            case Type.Scalar scalar -> scalar(scalar, value);
        }
    }

    private void fields(Shape shape, JsonNode value) {
        if (!value.isObject()) {
            fault("expected map, got &{" + GoText.value(value) + "}");
            return;
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            path.add("f:" + entry.getKey());
            boolean known = !(shape.type() instanceof Type.Struct) || shape.isKnown(entry.getKey());
            if (known) {
                check(shape.field(entry.getKey()), entry.getValue());
            } else {
                fault("field not declared in schema");
            }
            path.removeLast();
            if (!known) {
                // Upstream looks no further.
                return;
            }
        }
    }

    private void elements(Shape shape, JsonNode value) {
        if (!value.isArray()) {
            fault("expected list, got &{" + GoText.value(value) + "}");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode element = value.get(i);
            if (shape.merge() == Merge.GRANULAR && !element.isObject()) {
                fault(
                        "element "
                                + i
                                + ": associative list with keys may not have non-map elements");
                return;
            }
            String step = shape.hasParts() ? shape.step(element) : "i:" + i;
            if (!seen.add(step)) {
                fault("duplicate entries for key " + FieldSet.text(List.of(step)));
            }
            path.add(step);
            check(shape.element(), element);
            path.removeLast();
        }
    }

    private void scalar(Type.Scalar type, JsonNode value) {
        switch (type) {
            case INT32, INT64, DOUBLE -> {
                if (!value.isNumber()) {
                    fault("expected numeric (int or float), got " + GoText.type(value));
                }
            }
            case STRING, BYTES -> {
                if (!value.isString()) {
                    fault(
                            "expected string, got &value.valueUnstructured{Value:"
                                    + GoText.syntax(value)
                                    + "}");
                }
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    fault("expected boolean, got &{" + GoText.value(value) + "}");
                }
            }
            case TIME, MICRO_TIME, DURATION, QUANTITY, INT_OR_STRING -> {
                if (value.isContainer()) {
                    fault("expected any scalar, got &{" + GoText.value(value) + "}");
                }
            }
        }
    }

    private void fault(String what) {
        faults.add(FieldSet.text(path) + ": " + what);
    }
}
