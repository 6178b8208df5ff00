package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.objects.ResourceType;
import java.util.List;
import java.util.Set;

/**
 * A kind of object that is kept: what it is called, what it has, and its rules.
 *
 * @param type the version it is kept in
 * @param definition its name in OpenAPI
 * @param subresources {@code status}, {@code scale}, {@code log}, …
 * @param selectable the fields that lists may be selected by, besides name and namespace
 */
public record Kind(
        ResourceType type,
        String definition,
        String singular,
        List<String> shortNames,
        List<String> categories,
        List<String> subresources,
        Set<String> selectable,
        Rules rules) {

    public boolean has(String subresource) {
        return subresources.contains(subresource);
    }
}
