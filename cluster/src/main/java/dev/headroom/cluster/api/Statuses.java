package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The API's refusals, as {@code v1 Status} objects in Kubernetes' own words. */
final class Statuses {
    private Statuses() {}

    /** One cause of an Invalid refusal: what is wrong with a field. */
    record Cause(String reason, String message, String field) {
        static Cause required(String field, String detail) {
            return new Cause(
                    "FieldValueRequired",
                    detail.isEmpty() ? "Required value" : "Required value: " + detail,
                    field);
        }

        /** {@code value} as Go prints it in an error: strings quoted, the rest plain. */
        static Cause invalid(String field, String value, String detail) {
            return new Cause("FieldValueInvalid", "Invalid value: " + value + ": " + detail, field);
        }

        static Cause unsupported(String field, String value, List<String> accepted) {
            String list = String.join(", ", accepted.stream().map(a -> '"' + a + '"').toList());
            return new Cause(
                    "FieldValueNotSupported",
                    "Unsupported value: \"" + value + "\": supported values: " + list,
                    field);
        }

        static Cause forbidden(String field, String detail) {
            return new Cause("FieldValueForbidden", "Forbidden: " + detail, field);
        }

        String text() {
            return field + ": " + message;
        }
    }

    static ApiException notFound(ResourceType type, String name) {
        return of(404, "NotFound", qualified(type) + " \"" + name + "\" not found", type, name);
    }

    static ApiException noSuchPath() {
        return of(404, "NotFound", "the server could not find the requested resource", null, "");
    }

    static ApiException alreadyExists(ResourceType type, String name) {
        return of(
                409,
                "AlreadyExists",
                qualified(type) + " \"" + name + "\" already exists",
                type,
                name);
    }

    static ApiException conflict(ResourceType type, String name, String why) {
        return of(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + qualified(type) + " \"" + name + "\": " + why,
                type,
                name);
    }

    static ApiException modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    static ApiException badRequest(String message) {
        return of(400, "BadRequest", message, null, "");
    }

    static ApiException methodNotAllowed() {
        return of(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                null,
                "");
    }

    static ApiException forbidden(ResourceType type, String name, String why) {
        return of(
                403,
                "Forbidden",
                qualified(type) + " \"" + name + "\" is forbidden: " + why,
                type,
                name);
    }

    static ApiException expired(String message) {
        return of(410, "Expired", message, null, "");
    }

    static ApiException unsupportedMediaType(String accepted) {
        return of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                        + accepted,
                null,
                "");
    }

    static ApiException internal(String message) {
        return of(500, "InternalError", "Internal error occurred: " + message, null, "");
    }

    static ApiException serviceUnavailable(String message) {
        return of(503, "ServiceUnavailable", message, null, "");
    }

    static ApiException invalid(String kind, String group, String name, List<Cause> causes) {
        String list =
                causes.size() == 1
                        ? causes.getFirst().text()
                        : "[" + String.join(", ", causes.stream().map(Cause::text).toList()) + "]";
        String qualified = group.isEmpty() ? kind : kind + "." + group;
        ObjectNode status =
                status(422, "Invalid", qualified + " \"" + name + "\" is invalid: " + list);
        ObjectNode details = status.putObject("details");
        details.put("name", name);
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        details.put("kind", kind);
        ArrayNode array = details.putArray("causes");
        for (Cause cause : causes) {
            array.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
        status.put("code", 422);
        return new ApiException(422, status);
    }

    /** A conflict of server-side apply: who owns what. */
    static ApiException applyConflict(String message, List<Cause> causes) {
        ObjectNode status = status(409, "Conflict", message);
        ArrayNode array = status.putObject("details").putArray("causes");
        for (Cause cause : causes) {
            array.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
        status.put("code", 409);
        return new ApiException(409, status);
    }

    static ObjectNode success(ResourceType type, String name, String uid) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details");
        details.put("name", name);
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural()).put("uid", uid);
        return status;
    }

    private static ApiException of(
            int code, String reason, String message, @Nullable ResourceType type, String name) {
        ObjectNode status = status(code, reason, message);
        ObjectNode details = status.putObject("details");
        if (type != null) {
            details.put("name", name);
            if (!type.group().isEmpty()) {
                details.put("group", type.group());
            }
            details.put("kind", type.plural());
        }
        status.put("code", code);
        return new ApiException(code, status);
    }

    private static ObjectNode status(int code, String reason, String message) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        return status.put("status", code < 400 ? "Success" : "Failure")
                .put("message", message)
                .put("reason", reason);
    }

    private static String qualified(ResourceType type) {
        return type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group();
    }
}
