package dev.headroom.cluster.api.schema;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A field of a {@link StructType}.
 *
 * @param pointer whether the Go field is a pointer: its zero value is absence
 * @param omitted whether a zero value is left out of JSON
 * @param defaults the default that OpenAPI states, where it is not just Go's zero value
 * @param merge how two values become one in server-side apply
 * @param keys what identifies an element of a list whose {@code merge} is MAP
 * @param patchKey what identifies an element in a strategic merge patch; null where a list is replaced
 * @param patchStrategies {@code merge}, {@code replace}, {@code retainKeys}
 */
public record Field(
        String name,
        Type type,
        boolean pointer,
        boolean omitted,
        @Nullable JsonNode defaults,
        Merge merge,
        List<String> keys,
        @Nullable String patchKey,
        Set<String> patchStrategies) {

    /** How values of a list, map or struct are merged ({@code x-kubernetes-list-type}, {@code x-kubernetes-map-type}). */
    public enum Merge {
        /** The parts have owners of their own; for lists: elements are identified by keys. */
        GRANULAR,
        /** A list of distinct scalars. */
        SET,
        /** As one value. */
        ATOMIC
    }
}
