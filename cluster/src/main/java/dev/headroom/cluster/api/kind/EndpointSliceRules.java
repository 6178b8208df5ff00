package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Endpoint slices. */
final class EndpointSliceRules implements Rules {
    private static final List<String> ADDRESS_TYPES = List.of("FQDN", "IPv4", "IPv6");

    @Override
    public void defaults(ObjectNode slice) {
        for (ObjectNode port : Json.objects(slice.path("ports"))) {
            Json.defaultTo(port, "name", "");
            Json.defaultTo(port, "protocol", "TCP");
        }
    }

    @Override
    public void validate(ObjectNode slice, Causes causes) {
        String type = Json.text(slice, "addressType");
        if (type.isEmpty()) {
            causes.add(Cause.required("addressType", ""));
        } else if (!ADDRESS_TYPES.contains(type)) {
            causes.add(Cause.unsupported("addressType", type, ADDRESS_TYPES));
        }
        JsonNode endpoints = slice.path("endpoints");
        for (int i = 0; i < endpoints.size(); i++) {
            if (endpoints.get(i).path("addresses").isEmpty()) {
                causes.add(
                        Cause.required(
                                "endpoints[" + i + "].addresses",
                                "must contain at least 1 address"));
            }
        }
    }

    @Override
    public void validateUpdate(ObjectNode slice, ObjectNode old, Causes causes) {
        MetaValidation.immutable(
                slice.path("addressType"), old.path("addressType"), "addressType", causes);
    }

    /** The slice has no {@code spec}: whatever is not metadata is counted. */
    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public boolean specChanged(ObjectNode slice, ObjectNode old) {
        return !Json.same(without(slice), without(old))
                || !Json.same(
                        Json.at(slice, "metadata", "labels"), Json.at(old, "metadata", "labels"));
    }

    private static ObjectNode without(ObjectNode slice) {
        ObjectNode rest = Json.object();
        slice.properties().stream()
                .filter(e -> !e.getKey().equals("metadata"))
                .forEach(e -> rest.set(e.getKey(), e.getValue()));
        return rest;
    }
}
