package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.kind.Kinds;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.objects.ResourceType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The API's own description: the schemas of what is served, as Kubernetes publishes them, and the paths. Written as text, since the schemas
 * are there as text and nobody here needs to look into them.
 */
final class OpenApi {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final List<String> WRITE = List.of("dryRun", "fieldManager", "fieldValidation");
    private static final List<String> LIST =
            List.of(
                    "allowWatchBookmarks",
                    "continue",
                    "fieldSelector",
                    "labelSelector",
                    "limit",
                    "resourceVersion",
                    "resourceVersionMatch",
                    "sendInitialEvents",
                    "timeoutSeconds",
                    "watch");

    /** What is written otherwise in v2. */
    private static final String QUERY_TYPE =
            "\"schema\":{\"type\":\"string\",\"uniqueItems\":true}";

    private static final String REQUEST_BODY = "\"requestBody\":{\"content\":{\"*/*\":{}}},";

    /** kubectl looks here for how it may patch. */
    private static final String PATCH_BODY =
            "\"requestBody\":{\"content\":{\"application/apply-patch+yaml\":{},\"application/json-patch+json\":{},"
                    + "\"application/merge-patch+json\":{},\"application/strategic-merge-patch+json\":{}}},";

    private final Schemas schemas;
    private final Kinds kinds;
    private final Set<ResourceType> virtual;

    OpenApi(Schemas schemas, Kinds kinds, Set<ResourceType> virtual) {
        this.schemas = schemas;
        this.kinds = kinds;
        this.virtual = virtual;
    }

    /** Null where the path is none of these. */
    @Nullable Reply answer(String path, String accept) {
        if (path.equals("/openapi/v2")) {
            boolean json = accept.isEmpty() || accept.contains("json") || accept.contains("*/*");
            if (json) {
                return json(v2());
            }
            return accept.contains("proto-openapi.spec.v2") ? protobuf() : Reply.text(406, "");
        }
        if (path.equals("/openapi/v3") || path.equals("/openapi/v3/")) {
            return json(index());
        }
        if (path.startsWith("/openapi/v3/")) {
            String version = path.substring("/openapi/v3/".length());
            List<Entry> entries = byVersion().get(version);
            return entries == null ? null : json(document(entries));
        }
        return null;
    }

    private static Reply json(String document) {
        return new Reply.Whole(
                200, "application/json", document.getBytes(StandardCharsets.UTF_8), List.of());
    }

    private Reply protobuf() {
        byte[] document = OpenApiProtobuf.of(Json.MAPPER.readTree(v2()));
        return new Reply.Whole(200, OpenApiProtobuf.MEDIA_TYPE, document, List.of());
    }

    /** A type and the definition that describes it. */
    private record Entry(ResourceType type, String definition, @Nullable Served served) {}

    private Map<String, List<Entry>> byVersion() {
        Map<String, List<Entry>> found = new LinkedHashMap<>();
        for (Served served : kinds.all()) {
            found.computeIfAbsent(prefix(served.type()), v -> new ArrayList<>())
                    .add(new Entry(served.type(), served.definition(), served));
        }
        for (ResourceType type : virtual) {
            String definition =
                    "io.k8s.metrics.pkg.apis.metrics." + type.version() + "." + type.kind();
            if (schemas.definition(definition) != null) {
                found.computeIfAbsent(prefix(type), v -> new ArrayList<>())
                        .add(new Entry(type, definition, null));
            }
        }
        return found;
    }

    private static String prefix(ResourceType type) {
        return type.group().isEmpty() ? "api/v1" : "apis/" + type.apiVersion();
    }

    private String index() {
        return byVersion().entrySet().stream()
                .map(e ->
                        "\"%s\":{\"serverRelativeURL\":\"/openapi/v3/%s?hash=%s\"}"
                                .formatted(e.getKey(), e.getKey(), hash(e.getKey(), e.getValue())))
                .collect(Collectors.joining(",", "{\"paths\":{", "}}"));
    }

    /** Changes where what a document is made of does; to make them all, only to be asked for none, would cost a first command most. */
    private String hash(String version, List<Entry> entries) {
        String types = entries.stream().map(e -> e.type() + e.definition()).toList().toString();
        return hash(Version.GIT + version + types + schemas.fingerprint());
    }

    private static String hash(String document) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(document.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private String document(List<Entry> entries) {
        Set<String> roots = new TreeSet<>(List.of(META + "DeleteOptions", META + "Status"));
        for (Entry entry : entries) {
            roots.add(entry.definition());
            roots.add(entry.definition() + "List");
            if (entry.served() != null && entry.served().kind().has("scale")) {
                roots.add("io.k8s.api.autoscaling.v1.Scale");
            }
        }
        return "{\"openapi\":\"3.0.0\",\"info\":{\"title\":\"Kubernetes\",\"version\":\""
                + Version.GIT
                + "\"},\"paths\":{"
                + entries.stream().map(this::paths).collect(Collectors.joining(","))
                + "},\"components\":{\"schemas\":{"
                + definitions(schemas.closure(roots))
                + "}}}";
    }

    private String definitions(Set<String> names) {
        return names.stream()
                .map(name -> "\"" + name + "\":" + schemas.definition(name))
                .collect(Collectors.joining(","));
    }

    private String v2() {
        Set<String> roots = new TreeSet<>();
        byVersion().values().stream()
                .flatMap(List::stream)
                .forEach(e -> {
                    roots.add(e.definition());
                    roots.add(e.definition() + "List");
                });
        String paths =
                byVersion().values().stream()
                        .flatMap(List::stream)
                        .map(this::paths)
                        .collect(Collectors.joining(","));
        return "{\"swagger\":\"2.0\",\"info\":{\"title\":\"Kubernetes\",\"version\":\""
                + Version.GIT
                + "\"},\"paths\":{"
                + paths.replace(REQUEST_BODY, "")
                        .replace(PATCH_BODY, "")
                        .replace(QUERY_TYPE, "\"type\":\"string\"")
                + "},\"definitions\":{"
                + definitions(schemas.closure(roots))
                        .replace("#/components/schemas/", "#/definitions/")
                        .replaceAll("\"allOf\":\\[\\{(\"\\$ref\":\"[^\"]*\")}]", "$1")
                        .replaceAll("\"default\":(\\{}|\"\"|0|false),", "")
                        .replaceAll("\"oneOf\":\\[\\{\"type\":[^]]*]", "\"type\":\"string\"")
                + "}}";
    }

    private String paths(Entry entry) {
        ResourceType type = entry.type();
        String base = "/" + prefix(type) + "/";
        String plural = type.plural();
        String place =
                type.namespaced() ? base + "namespaces/{namespace}/" + plural : base + plural;
        String one = type.kind();
        String list = one + "List";
        Path paths = new Path(type);
        boolean writes = entry.served() != null;
        if (type.namespaced()) {
            paths.open(base + plural).operation("get", "list", list, LIST, false).close();
        }
        paths.open(place).operation("get", "list", list, LIST, false);
        if (writes) {
            paths.operation("post", "post", one, WRITE, true)
                    .operation("delete", "deletecollection", one, LIST, false);
        }
        paths.close().open(place + "/{name}").operation("get", "get", one, List.of(), false);
        if (writes) {
            paths.operation("put", "put", one, WRITE, true)
                    .operation("patch", "patch", one, WRITE, true)
                    .operation(
                            "delete",
                            "delete",
                            one,
                            List.of("dryRun", "gracePeriodSeconds", "propagationPolicy"),
                            false);
        }
        paths.close();
        if (entry.served() != null && entry.served().kind().has("status")) {
            paths.open(place + "/{name}/status")
                    .operation("get", "get", one, List.of(), false)
                    .operation("put", "put", one, WRITE, true)
                    .operation("patch", "patch", one, WRITE, true)
                    .close();
        }
        return paths.toString();
    }

    /** Writes the paths of one type. */
    private static final class Path {
        private final ResourceType type;
        private final StringBuilder text = new StringBuilder();
        private boolean first;

        Path(ResourceType type) {
            this.type = type;
        }

        Path open(String path) {
            text.append(text.isEmpty() ? "" : ",").append('"').append(path).append("\":{");
            first = true;
            return this;
        }

        Path operation(
                String method, String action, String kind, List<String> parameters, boolean body) {
            String query =
                    parameters.stream()
                            .map(name ->
                                    "{\"name\":\""
                                            + name
                                            + "\",\"in\":\"query\","
                                            + QUERY_TYPE
                                            + "}")
                            .collect(Collectors.joining(","));
            String sent = method.equals("patch") ? PATCH_BODY : REQUEST_BODY;
            text.append(first ? "" : ",")
                    .append("\"%s\":{\"x-kubernetes-action\":\"%s\",".formatted(method, action))
                    .append(
                            "\"x-kubernetes-group-version-kind\":{\"group\":\"%s\",\"version\":\"%s\",\"kind\":\"%s\"},"
                                    .formatted(type.group(), type.version(), type.kind()))
                    .append("\"operationId\":\"%s%s\",".formatted(action, kind))
                    .append(body ? sent : "")
                    .append("\"parameters\":[%s],".formatted(query))
                    .append("\"responses\":{\"200\":{\"description\":\"OK\"}}}");
            first = false;
            return this;
        }

        Path close() {
            text.append('}');
            return this;
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
