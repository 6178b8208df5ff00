package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.schema.Decoder;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.schema.StructType;
import dev.headroom.cluster.api.schema.Undecodable;
import dev.headroom.cluster.objects.ApiException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Reads what requests send as the types that it is to be of; what is not, it tells or refuses, as the caller wants it. */
record Reading(Schemas schemas) {

    /** What is said of an object that cannot be read. */
    @FunctionalInterface
    interface Refusal {
        ApiException of(StructType type, ObjectNode object, Undecodable why);
    }

    /**
     * An object as its type reads it.
     *
     * @param definition the type's name in OpenAPI
     */
    ObjectNode read(Caller caller, String definition, ObjectNode body, Refusal refusal) {
        StructType type = schemas.struct(definition);
        Decoder decoder = new Decoder(schemas, type);
        try {
            ObjectNode object = decoder.decode(body);
            List<String> unknown = decoder.unknown();
            boolean faulty = !unknown.isEmpty() || !caller.duplicates().isEmpty();
            if (faulty && caller.validation() == Caller.Validation.STRICT) {
                throw Undecodable.strict(caller.duplicates(), unknown);
            }
            if (caller.validation() == Caller.Validation.WARN) {
                caller.duplicates().forEach(caller.warning());
                unknown.forEach(caller.warning());
            }
            return object;
        } catch (Undecodable e) {
            throw refusal.of(type, body, e);
        }
    }

    /** An object in the version that is kept, with its defaults. */
    ObjectNode kept(Caller caller, Served served, ObjectNode body, Refusal refusal) {
        ObjectNode object = read(caller, served.definition(), body, refusal);
        object.put("kind", served.type().kind()).put("apiVersion", served.type().apiVersion());
        ObjectNode kept = served.stored().apply(object);
        served.kind().rules().defaults(kept);
        return kept;
    }
}
