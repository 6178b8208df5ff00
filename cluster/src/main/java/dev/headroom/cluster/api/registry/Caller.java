package dev.headroom.cluster.api.registry;

import java.util.List;
import java.util.function.Consumer;

/**
 * Who writes, and how.
 *
 * @param manager the field manager that the changed fields are written down for
 * @param applies whether the write is a server-side apply, which brings its own managedFields
 * @param dryRun whether everything is done but the write
 * @param validation what becomes of unknown and duplicate fields
 * @param duplicates the fields that the request's body had twice
 * @param warning takes what the client is to be told beside the answer
 */
public record Caller(
        String manager,
        boolean applies,
        boolean dryRun,
        Validation validation,
        List<String> duplicates,
        Consumer<String> warning) {

    private static final Consumer<String> NOBODY = warning -> {};

    /** The {@code fieldValidation} parameter. */
    public enum Validation {
        STRICT,
        WARN,
        IGNORE
    }

    /** A component of this process. */
    public static Caller component(String manager) {
        return new Caller(manager, false, false, Validation.IGNORE, List.of(), NOBODY);
    }

    /** Whether anybody hears warnings; the components of this process do not. */
    boolean hears() {
        return warning != NOBODY;
    }

    /** The same, with or without the write. */
    public Caller trying(boolean only) {
        return new Caller(manager, applies, only, validation, duplicates, warning);
    }

    /** The same, once told of what the body had twice. */
    Caller told() {
        return new Caller(manager, applies, dryRun, validation, List.of(), warning);
    }

    Caller applying() {
        return new Caller(manager, true, dryRun, validation, duplicates, warning);
    }
}
