package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Cause;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /healthz}, {@code /livez} and {@code /readyz} in kube-apiserver's words. There is one check: whoever gets an answer finds all that
 * the server is made of in the same process.
 */
final class Health {
    static final List<String> ENDPOINTS = List.of("healthz", "livez", "readyz");
    static final String CHECK = "ping";

    private Health() {}

    /** Null where the path is none of these. */
    static @Nullable Reply answer(Request request) {
        List<String> parts = Arrays.asList(request.path().substring(1).split("/", -1));
        String endpoint = parts.getFirst();
        if (!ENDPOINTS.contains(endpoint)) {
            return null;
        }
        boolean all = parts.size() == 1 || parts.size() == 2 && parts.getLast().isEmpty();
        if (all) {
            return Reply.text(
                    200,
                    request.query().containsKey("verbose") ? verbose(endpoint, request) : "ok");
        }
        return parts.size() == 2 && parts.getLast().equals(CHECK) ? Reply.text(200, "ok") : null;
    }

    private static String verbose(String endpoint, Request request) {
        Set<String> excluded =
                new LinkedHashSet<>(request.query().getOrDefault("exclude", List.of()));
        StringBuilder text =
                new StringBuilder(
                        "[+]" + CHECK + (excluded.remove(CHECK) ? " excluded: ok\n" : " ok\n"));
        if (!excluded.isEmpty()) {
            text.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(excluded.stream().map(Cause::quote).collect(Collectors.joining(",")))
                    .append('\n');
        }
        return text.append(endpoint).append(" check passed\n").toString();
    }
}
