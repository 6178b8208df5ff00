package dev.headroom.cluster.api.fields;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.schema.Field;
import dev.headroom.cluster.api.schema.Field.Merge;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.schema.StructType;
import dev.headroom.cluster.api.schema.Type;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How ownership sees a place in an object.
 *
 * @param keys what identifies the elements of a list
 */
record Shape(Schemas schemas, Type type, Merge merge, List<String> keys) {

    static Shape of(Schemas schemas, String definition) {
        return new Shape(schemas, new Type.Struct(definition), Merge.GRANULAR, List.of());
    }

    /** Where the parts have owners of their own. */
    boolean hasParts() {
        return merge != Merge.ATOMIC;
    }

    boolean isList() {
        return type instanceof Type.ListOf;
    }

    /** Of a field of a struct, or of a value of a map. */
    Shape field(String name) {
        if (type instanceof Type.MapOf map) {
            return element(map.value());
        }
        Field field = known(name);
        return field == null
                ? new Shape(schemas, new Type.Any(), Merge.ATOMIC, List.of())
                : new Shape(schemas, field.type(), field.merge(), field.keys());
    }

    /** Whether a field is one of a struct's: else its name is as much a part of the object as its value. */
    boolean isKnown(String name) {
        return known(name) != null;
    }

    private @Nullable Field known(String name) {
        return type instanceof Type.Struct struct ? schemas.struct(struct).field(name) : null;
    }

    /** Of a list's elements. */
    Shape element() {
        return element(((Type.ListOf) type).element());
    }

    private Shape element(Type of) {
        boolean granular =
                of instanceof Type.MapOf
                        || of instanceof Type.Struct struct && !schemas.struct(struct).atomic();
        return new Shape(schemas, of, granular ? Merge.GRANULAR : Merge.ATOMIC, List.of());
    }

    /** The step to a list's element. */
    String step(JsonNode element) {
        if (merge == Merge.SET) {
            return "v:" + element;
        }
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        StructType inner =
                ((Type.ListOf) type).element() instanceof Type.Struct struct
                        ? schemas.struct(struct)
                        : null;
        for (String key : keys) {
            JsonNode value = element.path(key);
            Field field = inner == null ? null : inner.field(key);
            if (value.isMissingNode() && field != null && field.defaults() != null) {
                value = field.defaults();
            }
            sorted.put(key, value.isMissingNode() ? Json.object().nullNode() : value);
        }
        ObjectNode key = Json.object();
        sorted.forEach(key::set);
        return "k:" + key;
    }
}
