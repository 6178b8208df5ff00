package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.registry.Caller;
import dev.headroom.cluster.api.registry.Deletion;
import dev.headroom.cluster.objects.Query;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the parameters of a request ask for. */
final class Parameters {
    private static final int LONGEST_MANAGER = 128;

    private Parameters() {}

    static Caller caller(Request request, List<String> duplicates, Consumer<String> warning) {
        return new Caller(
                manager(request), false, dryRun(request), validation(request), duplicates, warning);
    }

    /** The field manager that is named, else the program that asks. */
    private static String manager(Request request) {
        String named = request.parameter("fieldManager");
        if (named != null && !named.isEmpty()) {
            if (named.length() > LONGEST_MANAGER) {
                throw Statuses.badRequest(
                        "fieldManager: Invalid value: \""
                                + named
                                + "\": may not be more than 128 bytes");
            }
            return named;
        }
        String agent = request.head("User-Agent");
        int slash = agent.indexOf('/');
        String program = slash < 0 ? agent : agent.substring(0, slash);
        return program.isEmpty() ? "unknown" : program;
    }

    /**
     * Of a deletion: kubectl says in the body's options that it is only to be tried.
     *
     * @param options the {@code DeleteOptions} that were sent, else empty
     */
    static Caller deleter(Request request, JsonNode options) {
        Caller caller = caller(request, List.of(), warning -> {});
        boolean dryRun = caller.dryRun();
        for (String value : Json.texts(options.path("dryRun"))) {
            dryRun |= dryRun(value);
        }
        return caller.trying(dryRun);
    }

    private static boolean dryRun(Request request) {
        String value = request.parameter("dryRun");
        return value != null && !value.isEmpty() && dryRun(value);
    }

    private static boolean dryRun(String value) {
        if (!value.equals("All")) {
            throw Statuses.badRequest(
                    "dryRun: Unsupported value: \"" + value + "\": supported values: \"All\"");
        }
        return true;
    }

    private static Caller.Validation validation(Request request) {
        String value = request.parameter("fieldValidation");
        return switch (value == null ? "" : value) {
            case "", "Warn" -> Caller.Validation.WARN;
            case "Strict" -> Caller.Validation.STRICT;
            case "Ignore" -> Caller.Validation.IGNORE;
            default ->
                    throw Statuses.badRequest(
                            "fieldValidation: Unsupported value: \""
                                    + value
                                    + "\": supported values: \"Ignore\", \"Strict\", \"Warn\"");
        };
    }

    static Query query(Request request) {
        return new Query(request.parameter("labelSelector"), request.parameter("fieldSelector"));
    }

    /** The {@code DeleteOptions} in the body of a deletion, empty where there are none. */
    static JsonNode options(Request request) {
        return request.body().length == 0
                ? Json.object()
                : Bodies.read(request, "DeleteOptions").tree();
    }

    /** From the body, else from the parameters. */
    static Deletion deletion(Request request, JsonNode body) {
        Long grace = request.number("gracePeriodSeconds");
        if (body.path("gracePeriodSeconds").isIntegralNumber()) {
            grace = body.path("gracePeriodSeconds").longValue();
        }
        String propagation = text(body, "propagationPolicy");
        if (propagation == null) {
            propagation = request.parameter("propagationPolicy");
        }
        JsonNode orphan = body.path("orphanDependents");
        if (propagation == null && orphan.isBoolean()) {
            propagation = orphan.booleanValue() ? "Orphan" : "Background";
        }
        JsonNode preconditions = body.path("preconditions");
        return new Deletion(
                grace,
                propagation,
                text(preconditions, "uid"),
                text(preconditions, "resourceVersion"));
    }

    private static @Nullable String text(JsonNode node, String field) {
        String text = Json.text(node, field);
        return text.isEmpty() ? null : text;
    }
}
