package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.objects.ResourceType;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind as one version of the API shows it.
 *
 * @param type under which group and version
 * @param definition the version's name in OpenAPI
 * @param stored from this version to the one that is kept
 * @param shown from the one that is kept to this version
 */
public record Served(
        ResourceType type,
        Kind kind,
        String definition,
        UnaryOperator<ObjectNode> stored,
        UnaryOperator<ObjectNode> shown) {

    static Served asKept(Kind kind) {
        return new Served(
                kind.type(),
                kind,
                kind.definition(),
                UnaryOperator.identity(),
                UnaryOperator.identity());
    }
}
