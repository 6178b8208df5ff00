package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ResourceType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The API's own description, as far as clients use it: schemas, and which parameters writes take. */
final class OpenApi {
    private static final String REFERENCE = "#/components/schemas/";
    private static final String ALTERNATE = "v1";

    private OpenApi() {}

    /** Null where the path is none of these. */
    static @Nullable Reply answer(String path, String accept) {
        if (path.equals("/openapi/v2")) {
            if (!accept.isEmpty() && !accept.contains("json") && !accept.contains("*/*")) {
                return Reply.text(406, "only application/json is served here");
            }
            return Reply.json(200, v2());
        }
        if (path.equals("/openapi/v3") || path.equals("/openapi/v3/")) {
            return Reply.json(200, index());
        }
        if (path.startsWith("/openapi/v3/")) {
            List<Kind> kinds = byVersion().get(path.substring("/openapi/v3/".length()));
            return kinds == null ? null : Reply.json(200, document(kinds));
        }
        return null;
    }

    private static Map<String, List<Kind>> byVersion() {
        Map<String, List<Kind>> found = new LinkedHashMap<>();
        for (Kind kind : Kinds.STORED.values()) {
            found.computeIfAbsent(prefix(kind.type()), v -> new java.util.ArrayList<>()).add(kind);
        }
        return found;
    }

    private static String prefix(ResourceType type) {
        return type.group().isEmpty() ? "api/v1" : "apis/" + type.apiVersion();
    }

    private static ObjectNode index() {
        ObjectNode result = Json.object();
        ObjectNode paths = result.putObject("paths");
        byVersion()
                .keySet()
                .forEach(v ->
                        paths.putObject(v)
                                .put(
                                        "serverRelativeURL",
                                        "/openapi/v3/" + v + "?hash=" + ALTERNATE));
        return result;
    }

    private static ObjectNode document(List<Kind> kinds) {
        ObjectNode result = Json.object().put("openapi", "3.0.0");
        result.putObject("info").put("title", "Kubernetes").put("version", Version.GIT);
        ObjectNode paths = result.putObject("paths");
        kinds.forEach(kind -> paths(paths, kind));
        ObjectNode schemas = result.putObject("components").putObject("schemas");
        Deque<String> waiting = new ArrayDeque<>();
        kinds.forEach(kind -> waiting.add(kind.definition()));
        waiting.add("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");
        while (!waiting.isEmpty()) {
            String name = waiting.remove();
            JsonNode schema = Schemas.definition(name);
            if (!schemas.has(name) && !schema.isMissingNode()) {
                schemas.set(name, schema);
                schema.findValuesAsString("$ref")
                        .forEach(r -> waiting.add(r.substring(REFERENCE.length())));
            }
        }
        return result;
    }

    private static void paths(ObjectNode paths, Kind kind) {
        ResourceType type = kind.type();
        String base =
                "/"
                        + prefix(type)
                        + (type.namespaced() ? "/namespaces/{namespace}/" : "/")
                        + type.plural();
        ObjectNode collection = paths.putObject(base);
        operation(collection, "get", "list", kind, List.of());
        operation(
                collection,
                "post",
                "post",
                kind,
                List.of("dryRun", "fieldManager", "fieldValidation"));
        ObjectNode one = paths.putObject(base + "/{name}");
        operation(one, "get", "get", kind, List.of());
        operation(one, "put", "put", kind, List.of("dryRun", "fieldManager", "fieldValidation"));
        operation(
                one,
                "patch",
                "patch",
                kind,
                List.of("dryRun", "fieldManager", "fieldValidation", "force"));
        operation(
                one,
                "delete",
                "delete",
                kind,
                List.of("dryRun", "gracePeriodSeconds", "propagationPolicy"));
    }

    private static void operation(
            ObjectNode path, String method, String action, Kind kind, List<String> parameters) {
        ObjectNode operation = path.putObject(method);
        operation.put("x-kubernetes-action", action);
        ObjectNode gvk = operation.putObject("x-kubernetes-group-version-kind");
        gvk.put("group", kind.type().group())
                .put("kind", kind.type().kind())
                .put("version", kind.type().version());
        ArrayNode list = operation.putArray("parameters");
        for (String parameter : parameters) {
            list.addObject()
                    .put("name", parameter)
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string");
        }
        operation.putObject("responses").putObject("200").put("description", "OK");
    }

    private static ObjectNode v2() {
        ObjectNode result = Json.object().put("swagger", "2.0");
        result.putObject("info").put("title", "Kubernetes").put("version", Version.GIT);
        result.putObject("paths");
        String schemas = Json.MAPPER.writeValueAsString(Schemas.all());
        result.set(
                "definitions", Json.MAPPER.readTree(schemas.replace(REFERENCE, "#/definitions/")));
        return result;
    }
}
