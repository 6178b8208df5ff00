package dev.headroom.cluster.api.http;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path under {@code /api} or {@code /apis} that names a resource.
 *
 * @param group empty for the core group
 * @param namespace empty where none is given
 * @param name empty for a collection
 * @param subresource empty for the object itself
 * @param watched whether it stands under {@code watch/}, the older form of {@code watch=1}
 * @param rest what stands after the subresource, without leading slash (for {@code proxy})
 */
record Path(
        String group,
        String version,
        String namespace,
        String plural,
        String name,
        String subresource,
        boolean watched,
        String rest) {

    /** Null where the path names no resource (discovery, health, …). */
    static @Nullable Path of(String path) {
        List<String> parts = Arrays.asList(path.substring(1).split("/", -1));
        int at;
        String group;
        if (parts.size() > 2 && parts.getFirst().equals("api")) {
            group = "";
            at = 1;
        } else if (parts.size() > 3 && parts.getFirst().equals("apis")) {
            group = parts.get(1);
            at = 2;
        } else {
            return null;
        }
        String version = parts.get(at++);
        boolean watched = parts.get(at).equals("watch") && parts.size() > at + 1;
        if (watched) {
            at++;
        }
        if (parts.get(at).isEmpty()) {
            return null;
        }
        String namespace = "";
        // namespaces/NS/pods is something in a namespace; namespaces/NS and namespaces/NS/status
        // are the namespace.
        if (parts.get(at).equals("namespaces")
                && parts.size() > at + 2
                && !List.of("status", "finalize", "").contains(parts.get(at + 2))) {
            namespace = parts.get(at + 1);
            at += 2;
        }
        String plural = parts.get(at);
        String name = parts.size() > at + 1 ? parts.get(at + 1) : "";
        String subresource = parts.size() > at + 2 ? parts.get(at + 2) : "";
        String rest =
                parts.size() > at + 3 ? String.join("/", parts.subList(at + 3, parts.size())) : "";
        return new Path(group, version, namespace, plural, name, subresource, watched, rest);
    }
}
