package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.registry.Caller;
import dev.headroom.cluster.api.registry.Deletion;
import dev.headroom.cluster.objects.Query;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the parameters of a request ask for. */
final class Parameters {
    static final String APPLY = "application/apply-patch+yaml";

    private static final int LONGEST_MANAGER = 128;
    private static final String META = "meta.k8s.io";
    private static final String TRIED = "All";
    private static final Set<String> DRY_RUNS = Set.of("", TRIED);
    private static final List<String> VALIDATIONS = List.of("", "Ignore", "Strict", "Warn");

    private Parameters() {}

    static Caller caller(Request request, List<String> duplicates, Consumer<String> warning) {
        check(request);
        return new Caller(
                manager(request), false, dryRun(request), validation(request), duplicates, warning);
    }

    /** Refuses options that are none. */
    private static void check(Request request) {
        List<Cause> causes = new ArrayList<>();
        String manager = text(request, "fieldManager");
        boolean applies = request.contentType().equals(APPLY);
        String kind =
                switch (request.method()) {
                    case "POST" -> "CreateOptions";
                    case "PUT" -> "UpdateOptions";
                    case "PATCH" -> "PatchOptions";
                    default -> "DeleteOptions";
                };
        if (kind.equals("PatchOptions")) {
            if (applies && manager.isEmpty()) {
                causes.add(Cause.required("fieldManager", "is required for apply patch"));
            }
            if (!applies && request.parameter("force") != null) {
                causes.add(Cause.forbidden("force", "may not be specified for non-apply patch"));
            }
        }
        if (manager.getBytes(StandardCharsets.UTF_8).length > LONGEST_MANAGER) {
            causes.add(Cause.tooLong("fieldManager", LONGEST_MANAGER));
        }
        if (!DRY_RUNS.contains(text(request, "dryRun"))) {
            causes.add(unknownDryRun(text(request, "dryRun")));
        }
        if (!VALIDATIONS.contains(text(request, "fieldValidation"))) {
            causes.add(
                    Cause.unsupported(
                            "fieldValidation", text(request, "fieldValidation"), VALIDATIONS));
        }
        if (!causes.isEmpty()) {
            throw Statuses.invalid(kind, META, "", causes);
        }
    }

    private static Cause unknownDryRun(String value) {
        String json = Json.array().add(value).toString();
        return Cause.unsupportedJson("dryRun", json, List.of(TRIED));
    }

    private static String text(Request request, String name) {
        String value = request.parameter(name);
        return value == null ? "" : value;
    }

    /** The field manager that is named, else the program that asks. */
    private static String manager(Request request) {
        String named = text(request, "fieldManager");
        if (!named.isEmpty()) {
            return named;
        }
        String agent = request.head("User-Agent");
        int slash = agent.indexOf('/');
        String program = slash < 0 ? agent : agent.substring(0, slash);
        return program.isEmpty() ? "unknown" : program;
    }

    /** Whether unknown fields are ignored. */
    static boolean isLenient(Request request) {
        check(request);
        return validation(request) == Caller.Validation.IGNORE;
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
            if (!value.equals(TRIED)) {
                throw Statuses.invalid("DeleteOptions", META, "", List.of(unknownDryRun(value)));
            }
            dryRun = true;
        }
        return caller.trying(dryRun);
    }

    private static boolean dryRun(Request request) {
        return text(request, "dryRun").equals(TRIED);
    }

    private static Caller.Validation validation(Request request) {
        return switch (text(request, "fieldValidation")) {
            case "Strict" -> Caller.Validation.STRICT;
            case "Ignore" -> Caller.Validation.IGNORE;
            default -> Caller.Validation.WARN;
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
