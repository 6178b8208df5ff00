package dev.headroom.cluster.api.schema;

import dev.headroom.cluster.api.base.GoText;
import dev.headroom.cluster.api.base.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The order in which Go prints an object's fields: a struct's as they are declared, then what it does not know; a map's by name. */
public final class GoOrder {
    private final Schemas schemas;

    public GoOrder(Schemas schemas) {
        this.schemas = schemas;
    }

    /**
     * Puts the fields of an object into their order, and those of all that is in it.
     *
     * @param definition its type's name in OpenAPI; what is not of its type is left as it is
     */
    public void sort(JsonNode object, String definition) {
        sort(object, new Type.Struct(definition));
    }

    private void sort(JsonNode node, Type type) {
        switch (type) {
            case Type.Struct struct when node instanceof ObjectNode object ->
                    fields(object, schemas.struct(struct));
            case Type.MapOf map when node instanceof ObjectNode object -> {
                GoText.sort(object);
                object.forEach(value -> sort(value, map.value()));
            }
            case Type.ListOf list when node.isArray() ->
                    node.forEach(element -> sort(element, list.element()));
            default -> {}
        }
    }

    private void fields(ObjectNode object, StructType type) {
        ObjectNode all = Json.object();
        all.setAll(object);
        object.removeAll();
        for (Field field : type.fields().values()) {
            JsonNode value = all.remove(field.name());
            if (value != null) {
                sort(value, field.type());
                object.set(field.name(), value);
            }
        }
        for (String unknown : List.copyOf(all.propertyNames())) {
            object.set(unknown, all.get(unknown));
        }
    }
}
