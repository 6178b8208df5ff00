package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.kind.Kind;
import dev.headroom.cluster.api.kind.Kinds;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.objects.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is served, as clients find it out: groups, versions and resources, one by one or aggregated. */
final class Discovery {
    private static final List<String> VERBS =
            List.of(
                    "create",
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "update",
                    "watch");
    private static final List<String> WITHOUT_COLLECTION =
            VERBS.stream().filter(verb -> !verb.equals("deletecollection")).toList();
    private static final List<String> READ_ONLY = List.of("get", "list");

    private final Kinds kinds;
    private final Set<ResourceType> virtual;

    /**
     * @param virtual kinds that are computed; may grow
     */
    Discovery(Kinds kinds, Set<ResourceType> virtual) {
        this.kinds = kinds;
        this.virtual = virtual;
    }

    /** The versions of each group, the preferred one first. */
    private Map<String, List<String>> versions() {
        Map<String, List<String>> versions = new LinkedHashMap<>();
        for (Served served : kinds.all()) {
            add(versions, served.type().group(), served.type().version());
        }
        add(versions, "authentication.k8s.io", "v1");
        add(versions, "authorization.k8s.io", "v1");
        virtual.forEach(type -> add(versions, type.group(), type.version()));
        return versions;
    }

    private static void add(Map<String, List<String>> versions, String group, String version) {
        List<String> known = versions.computeIfAbsent(group, g -> new ArrayList<>());
        if (!known.contains(version)) {
            known.add(version);
        }
    }

    /** Null where the path is none of discovery's. */
    @Nullable Reply answer(String path, String accept, String address) {
        boolean aggregated = accept.contains("as=APIGroupDiscoveryList");
        if (path.equals("/")) {
            return Reply.json(200, index());
        }
        String[] parts = path.substring(1).split("/");
        if (parts[0].equals("api") && parts.length == 1) {
            return aggregated ? aggregated(true, accept) : Reply.json(200, versions(address));
        }
        if (parts[0].equals("api") && parts.length == 2 && parts[1].equals("v1")) {
            return Reply.json(200, resources("", "v1"));
        }
        if (!parts[0].equals("apis")) {
            return null;
        }
        if (parts.length == 1) {
            return aggregated ? aggregated(false, accept) : Reply.json(200, groups());
        }
        List<String> known = versions().get(parts[1]);
        if (known == null || parts[1].isEmpty()) {
            return null;
        }
        if (parts.length == 2) {
            ObjectNode group = group(parts[1], known);
            group.put("kind", "APIGroup").put("apiVersion", "v1");
            return Reply.json(200, group);
        }
        return parts.length == 3 && known.contains(parts[2])
                ? Reply.json(200, resources(parts[1], parts[2]))
                : null;
    }

    private ObjectNode index() {
        Set<String> paths =
                new TreeSet<>(
                        Set.of(
                                "/api",
                                "/api/v1",
                                "/apis",
                                "/openapi/v2",
                                "/openapi/v3",
                                "/version"));
        for (String health : Health.ENDPOINTS) {
            paths.addAll(List.of("/" + health, "/" + health + "/" + Health.CHECK));
        }
        versions()
                .forEach((group, known) -> {
                    if (!group.isEmpty()) {
                        paths.add("/apis/" + group);
                        known.forEach(version -> paths.add("/apis/" + group + "/" + version));
                    }
                });
        ObjectNode result = Json.object();
        paths.forEach(result.putArray("paths")::add);
        return result;
    }

    private static ObjectNode versions(String address) {
        ObjectNode result = Json.object().put("kind", "APIVersions");
        result.putArray("versions").add("v1");
        result.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", address);
        return result;
    }

    private ObjectNode groups() {
        ObjectNode result = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode array = result.putArray("groups");
        versions()
                .forEach((group, known) -> {
                    if (!group.isEmpty()) {
                        array.add(group(group, known));
                    }
                });
        return result;
    }

    private static ObjectNode group(String name, List<String> known) {
        ObjectNode group = Json.object().put("name", name);
        ArrayNode array = group.putArray("versions");
        for (String version : known) {
            array.addObject().put("groupVersion", name + "/" + version).put("version", version);
        }
        group.putObject("preferredVersion")
                .put("groupVersion", name + "/" + known.getFirst())
                .put("version", known.getFirst());
        return group;
    }

    /** One line of discovery. */
    private record Resource(
            String name,
            String singular,
            boolean namespaced,
            String group,
            String version,
            String kind,
            List<String> verbs,
            List<String> shortNames,
            List<String> categories) {}

    private List<Resource> of(String group, String version) {
        List<Resource> found = new ArrayList<>();
        for (Served served : kinds.all()) {
            ResourceType type = served.type();
            Kind kind = served.kind();
            if (!type.group().equals(group) || !type.version().equals(version)) {
                continue;
            }
            found.add(
                    new Resource(
                            type.plural(),
                            kind.singular(),
                            type.namespaced(),
                            "",
                            "",
                            type.kind(),
                            type.equals(ResourceType.NAMESPACE) ? WITHOUT_COLLECTION : VERBS,
                            kind.shortNames(),
                            kind.categories()));
            for (String sub : kind.subresources().stream().sorted().toList()) {
                found.add(subresource(type, sub));
            }
        }
        for (ResourceType type : virtual) {
            if (type.group().equals(group) && type.version().equals(version)) {
                found.add(
                        new Resource(
                                type.plural(),
                                "",
                                type.namespaced(),
                                "",
                                "",
                                type.kind(),
                                READ_ONLY,
                                List.of(),
                                List.of()));
            }
        }
        if (group.equals("authorization.k8s.io")) {
            for (String kind : List.of("SelfSubjectAccessReview", "SelfSubjectRulesReview")) {
                found.add(review(kind));
            }
        } else if (group.equals("authentication.k8s.io")) {
            found.add(review("SelfSubjectReview"));
        }
        return found;
    }

    private static Resource review(String kind) {
        String singular = kind.toLowerCase(Locale.ROOT);
        return new Resource(
                singular + "s",
                singular,
                false,
                "",
                "",
                kind,
                List.of("create"),
                List.of(),
                List.of());
    }

    private static Resource subresource(ResourceType type, String name) {
        String full = type.plural() + "/" + name;
        return switch (name) {
            case "scale" ->
                    new Resource(
                            full,
                            "",
                            true,
                            "autoscaling",
                            "v1",
                            "Scale",
                            List.of("get", "patch", "update"),
                            List.of(),
                            List.of());
            case "eviction" ->
                    new Resource(
                            full,
                            "",
                            true,
                            "policy",
                            "v1",
                            "Eviction",
                            List.of("create"),
                            List.of(),
                            List.of());
            case "binding" ->
                    new Resource(
                            full,
                            "",
                            true,
                            "",
                            "",
                            "Binding",
                            List.of("create"),
                            List.of(),
                            List.of());
            case "log" ->
                    new Resource(
                            full, "", true, "", "", "Pod", List.of("get"), List.of(), List.of());
            case "exec", "portforward" ->
                    new Resource(
                            full,
                            "",
                            true,
                            "",
                            "",
                            name.equals("exec") ? "PodExecOptions" : "PodPortForwardOptions",
                            List.of("create", "get"),
                            List.of(),
                            List.of());
            case "finalize" ->
                    new Resource(
                            full,
                            "",
                            false,
                            "",
                            "",
                            "Namespace",
                            List.of("update"),
                            List.of(),
                            List.of());
            case "proxy" ->
                    new Resource(
                            full,
                            "",
                            type.namespaced(),
                            "",
                            "",
                            type.kind() + "ProxyOptions",
                            List.of("create", "delete", "get", "patch", "update"),
                            List.of(),
                            List.of());
            default ->
                    new Resource(
                            full,
                            "",
                            type.namespaced(),
                            "",
                            "",
                            type.kind(),
                            List.of("get", "patch", "update"),
                            List.of(),
                            List.of());
        };
    }

    private ObjectNode resources(String group, String version) {
        ObjectNode result = Json.object().put("kind", "APIResourceList");
        if (!group.isEmpty()) {
            result.put("apiVersion", "v1");
        }
        result.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode array = result.putArray("resources");
        for (Resource resource : of(group, version)) {
            ObjectNode line = array.addObject();
            line.put("name", resource.name()).put("singularName", resource.singular());
            line.put("namespaced", resource.namespaced());
            if (!resource.version().isEmpty()) {
                line.put("group", resource.group()).put("version", resource.version());
            }
            line.put("kind", resource.kind());
            strings(line, "verbs", resource.verbs());
            strings(line, "shortNames", resource.shortNames());
            strings(line, "categories", resource.categories());
        }
        return result;
    }

    private static void strings(ObjectNode node, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = node.putArray(field);
            values.forEach(array::add);
        }
    }

    private Reply aggregated(boolean core, String accept) {
        // The oldest client that asks for the aggregated form knows only its beta.
        String form =
                accept.contains("v=v2;") || accept.contains("v=v2,") || accept.endsWith("v=v2")
                        ? "v2"
                        : "v2beta1";
        ObjectNode result =
                Json.object()
                        .put("kind", "APIGroupDiscoveryList")
                        .put("apiVersion", "apidiscovery.k8s.io/" + form);
        result.putObject("metadata");
        ArrayNode items = result.putArray("items");
        versions()
                .forEach((group, known) -> {
                    if (group.isEmpty() != core) {
                        return;
                    }
                    ObjectNode item = items.addObject();
                    ObjectNode metadata = item.putObject("metadata");
                    if (!core) {
                        metadata.put("name", group);
                    }
                    metadata.putNull("creationTimestamp");
                    ArrayNode list = item.putArray("versions");
                    for (String version : known) {
                        ObjectNode entry = list.addObject().put("version", version);
                        aggregate(entry.putArray("resources"), of(group, version), group, version);
                        entry.put("freshness", "Current");
                    }
                });
        return new Reply.Whole(
                200,
                "application/json;g=apidiscovery.k8s.io;v=" + form + ";as=APIGroupDiscoveryList",
                Json.bytes(result),
                List.of());
    }

    private static void aggregate(
            ArrayNode list, List<Resource> resources, String group, String version) {
        Map<String, ObjectNode> parents = new LinkedHashMap<>();
        for (Resource resource : resources) {
            int slash = resource.name().indexOf('/');
            ObjectNode kind = Json.object();
            kind.put("group", resource.version().isEmpty() ? group : resource.group());
            kind.put("version", resource.version().isEmpty() ? version : resource.version());
            kind.put("kind", resource.kind());
            if (slash < 0) {
                ObjectNode line = list.addObject().put("resource", resource.name());
                line.set("responseKind", kind);
                line.put("scope", resource.namespaced() ? "Namespaced" : "Cluster");
                line.put("singularResource", resource.singular());
                strings(line, "verbs", resource.verbs());
                strings(line, "shortNames", resource.shortNames());
                strings(line, "categories", resource.categories());
                parents.put(resource.name(), line);
            } else {
                ObjectNode parent = parents.get(resource.name().substring(0, slash));
                if (parent != null) {
                    ObjectNode line = parent.withArray("subresources").addObject();
                    line.put("subresource", resource.name().substring(slash + 1));
                    line.set("responseKind", kind);
                    strings(line, "verbs", resource.verbs());
                }
            }
        }
    }
}
