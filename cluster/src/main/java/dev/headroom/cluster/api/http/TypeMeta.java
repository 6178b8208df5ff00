package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an object calls itself, with what it leaves out taken from the type that its path stands for (apimachinery, {@code gvkWithDefaults}).
 *
 * @param group empty for the core
 */
record TypeMeta(String group, String version, String kind) {
    /** As upstream's scheme is called after the line that makes it. */
    private static final String SCHEME = "pkg/runtime/scheme.go:110";

    static TypeMeta of(JsonNode object, ResourceType type) {
        TypeMeta said = asSaid(object);
        boolean sameGroup = said.group.equals(type.group());
        boolean nothing = said.group.isEmpty() && said.version.isEmpty();
        return new TypeMeta(
                nothing ? type.group() : said.group,
                nothing || said.version.isEmpty() && sameGroup ? type.version() : said.version,
                said.kind.isEmpty() ? type.kind() : said.kind);
    }

    /** Without anything taken for granted. */
    static TypeMeta asSaid(JsonNode object) {
        String apiVersion = Json.text(object, "apiVersion");
        int slash = apiVersion.indexOf('/');
        return new TypeMeta(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                apiVersion.substring(slash + 1),
                Json.text(object, "kind"));
    }

    boolean is(ResourceType type) {
        return group.equals(type.group())
                && version.equals(type.version())
                && kind.equals(type.kind());
    }

    private String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Why an object of this type cannot be read as one of another; null where it can, if only as an older version of it. */
    @Nullable String obstacle(ResourceType type, Schemas schemas) {
        boolean older =
                kind.equals(type.kind())
                        && group.equals(type.group())
                        && schemas.isRegistered(group, version);
        if (is(type) || older) {
            return null;
        }
        if (!schemas.isRegistered(group, version, kind)) {
            return "no kind \""
                    + kind
                    + "\" is registered for version \""
                    + apiVersion()
                    + "\" in scheme \""
                    + SCHEME
                    + "\"";
        }
        String known = type.group().isEmpty() ? "core" : type.group().replaceFirst("\\..*", "");
        return "converting ("
                + version
                + "."
                + kind
                + ") to ("
                + known
                + "."
                + type.kind()
                + "): unknown conversion";
    }

    /** What is said of an object of this type where another is wanted; null where it is of that. */
    @Nullable ApiException refusal(ResourceType type, Schemas schemas) {
        String obstacle = obstacle(type, schemas);
        if (obstacle != null) {
            return Statuses.cannotBeHandled(kind, version, type.kind(), obstacle);
        }
        return is(type)
                ? null
                : Statuses.badRequest(
                        "the API version in the data ("
                                + apiVersion()
                                + ") does not match the expected API version ("
                                + type.apiVersion()
                                + ")");
    }

    /** As Go prints a GroupVersionKind. */
    @Override
    public String toString() {
        return group + "/" + version + ", Kind=" + kind;
    }
}
