package dev.headroom.lab.launch;

import java.util.List;

/**
 * A request as Kubernetes' authorizer sees it (the attributes of "Authorization overview" in its documentation).
 *
 * @param resource with its subresource ({@code pods/log}); empty for what is no resource, such as discovery
 */
public record RbacRequest(
        String verb, String group, String resource, String namespace, String path) {

    static RbacRequest of(String method, String uri) {
        String path = uri.replaceFirst("\\?.*", "");
        List<String> parts = List.of(path.substring(1).split("/"));
        boolean core = parts.getFirst().equals("api");
        int at = core ? 2 : 3;
        if ((!core && !parts.getFirst().equals("apis")) || parts.size() <= at) {
            return new RbacRequest(method, "", "", "", path);
        }
        String group = core ? "" : parts.get(1);
        String namespace = "";
        if (parts.get(at).equals("namespaces") && parts.size() > at + 2) {
            namespace = parts.get(at + 1);
            at += 2;
        }
        String resource = parts.get(at);
        boolean named = parts.size() > at + 1;
        if (parts.size() > at + 2) {
            resource += "/" + parts.get(at + 2);
        }
        boolean watch = uri.matches(".*[?&]watch=(true|1)\\b.*");
        return new RbacRequest(verb(method, named, watch), group, resource, namespace, path);
    }

    private static String verb(String method, boolean named, boolean watch) {
        return switch (method) {
            case "GET" -> watch ? "watch" : named ? "get" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> named ? "delete" : "deletecollection";
            default -> method;
        };
    }

    RbacRequest asCreate() {
        return new RbacRequest("create", group, resource, namespace, path);
    }

    /** As in a role. */
    String right() {
        return verb + " " + (group.isEmpty() ? "" : group + "/") + resource;
    }

    String words() {
        return verb + " " + path;
    }
}
