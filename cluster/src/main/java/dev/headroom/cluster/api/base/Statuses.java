package dev.headroom.cluster.api.base;

import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The API's refusals, as {@code v1 Status} objects in Kubernetes' own words. */
public final class Statuses {
    private Statuses() {}

    public static ApiException notFound(ResourceType type, String name) {
        return of(404, "NotFound", qualified(type) + " \"" + name + "\" not found", type, name);
    }

    /** A path that is well formed but names nothing that is served. */
    public static ApiException noSuchResource() {
        return plain(404, "NotFound", "the server could not find the requested resource", true);
    }

    /** What others serve under a path, and this cluster does not. */
    public static ApiException notServed(String why) {
        return plain(404, "NotFound", why, true);
    }

    public static ApiException alreadyExists(ResourceType type, String name) {
        return of(
                409,
                "AlreadyExists",
                qualified(type) + " \"" + name + "\" already exists",
                type,
                name);
    }

    public static ApiException conflict(ResourceType type, String name, String why) {
        return of(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + qualified(type) + " \"" + name + "\": " + why,
                type,
                name);
    }

    public static ApiException modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiException badRequest(String message) {
        return plain(400, "BadRequest", message, false);
    }

    public static ApiException unauthorized() {
        return plain(401, "Unauthorized", "Unauthorized", false);
    }

    public static ApiException methodNotAllowed() {
        return plain(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                true);
    }

    public static ApiException notAcceptable(String available) {
        return plain(
                406,
                "NotAcceptable",
                "406: Not Acceptable\n\nAvailable representations: " + available,
                true);
    }

    public static ApiException forbidden(ResourceType type, String name, String why) {
        return of(
                403,
                "Forbidden",
                qualified(type) + " \"" + name + "\" is forbidden: " + why,
                type,
                name);
    }

    /** Creation in a namespace that is on its way out. */
    public static ApiException namespaceTerminating(
            ResourceType type, String name, String namespace) {
        ApiException refusal =
                forbidden(
                        type,
                        name,
                        "unable to create new content in namespace "
                                + namespace
                                + " because it is being terminated");
        ((ObjectNode) refusal.status().path("details"))
                .putArray("causes")
                .addObject()
                .put("reason", "NamespaceTerminating")
                .put("message", "namespace " + namespace + " is being terminated")
                .put("field", "metadata.namespace");
        return refusal;
    }

    public static ApiException expired(String message) {
        return plain(410, "Expired", message, false);
    }

    /** A list is asked for at a version that is yet to come. */
    public static ApiException tooLargeVersion(long asked, long current) {
        ObjectNode status =
                status(
                        "Failure",
                        "Timeout",
                        "Timeout: Too large resource version: " + asked + ", current: " + current);
        ObjectNode details = status.putObject("details");
        details.putArray("causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        details.put("retryAfterSeconds", 1);
        status.put("code", 504);
        return new ApiException(504, status);
    }

    public static ApiException tooLarge(String why) {
        return plain(413, "RequestEntityTooLarge", "Request entity too large: " + why, false);
    }

    /** A body in a format that is not read. */
    public static ApiException unknownFormat() {
        return plain(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
                false);
    }

    public static ApiException unsupportedMediaType() {
        return plain(415, "UnsupportedMediaType", "415: Unsupported Media Type", true);
    }

    public static ApiException internal(String message) {
        return plain(500, "InternalError", "Internal error occurred: " + message, false);
    }

    /** {@code Deployment in version "v1" cannot be handled as a Service: …}. */
    public static ApiException cannotBeHandled(
            String kind, String version, String wanted, String why) {
        return badRequest(
                kind
                        + " in version \""
                        + version
                        + "\" cannot be handled as a "
                        + wanted
                        + ": "
                        + why);
    }

    /** A failure that upstream gives no reason for. */
    public static ApiException unexplained(String message) {
        return plain(500, null, message, false);
    }

    public static ApiException serviceUnavailable(String message) {
        return plain(503, "ServiceUnavailable", message, false);
    }

    public static ApiException tooManyRequests(String message, List<Cause> causes) {
        ObjectNode status = status("Failure", "TooManyRequests", message);
        causes(status.putObject("details"), causes);
        status.put("code", 429);
        return new ApiException(429, status);
    }

    public static ApiException invalid(String kind, String group, String name, List<Cause> causes) {
        List<Cause> all = List.copyOf(new LinkedHashSet<>(causes));
        String list = all.stream().map(Cause::toString).collect(Collectors.joining(", "));
        String qualified = group.isEmpty() ? kind : kind + "." + group;
        ObjectNode status =
                status(
                        "Failure",
                        "Invalid",
                        qualified
                                + " \""
                                + name
                                + "\" is invalid: "
                                + (all.size() == 1 ? list : "[" + list + "]"));
        ObjectNode details = status.putObject("details");
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        if (!kind.isEmpty()) {
            details.put("kind", kind);
        }
        causes(details, all);
        status.put("code", 422);
        return new ApiException(422, status);
    }

    /** A JSON patch that cannot be applied to what it is for; upstream does not say why. */
    public static ApiException unprocessable() {
        return plain(
                422,
                "Invalid",
                "the server rejected our request due to an error in our request",
                true);
    }

    /** A conflict of server-side apply: who owns what. */
    public static ApiException applyConflict(String message, List<Cause> causes) {
        ObjectNode status = status("Failure", "Conflict", message);
        causes(status.putObject("details"), causes);
        status.put("code", 409);
        return new ApiException(409, status);
    }

    private static void causes(ObjectNode details, List<Cause> causes) {
        ArrayNode array = details.putArray("causes");
        for (Cause cause : causes) {
            array.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
    }

    /** What a deletion that is done answers. */
    public static ObjectNode deleted(ResourceType type, String name, String uid) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details").put("name", name);
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural()).put("uid", uid);
        return status;
    }

    /** What is done and has nothing to show for it, such as a binding. */
    public static ObjectNode success(int code) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        return status.put("status", "Success").put("code", code);
    }

    private static ApiException of(
            int code, String reason, String message, ResourceType type, String name) {
        ObjectNode status = status("Failure", reason, message);
        ObjectNode details = status.putObject("details");
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural());
        status.put("code", code);
        return new ApiException(code, status);
    }

    private static ApiException plain(
            int code, @Nullable String reason, String message, boolean details) {
        ObjectNode status = status("Failure", reason, message);
        if (details) {
            status.putObject("details");
        }
        status.put("code", code);
        return new ApiException(code, status);
    }

    private static ObjectNode status(String outcome, @Nullable String reason, String message) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", outcome).put("message", message);
        if (reason != null) {
            status.put("reason", reason);
        }
        return status;
    }

    public static String qualified(ResourceType type) {
        return type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group();
    }
}
