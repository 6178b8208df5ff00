package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What is particular to a kind. Trees that are handed in to be changed are the callee's own; {@code old} is what is stored. */
public interface Rules {

    /** Fills in what a client may leave out, as upstream's {@code SetDefaults_…}. Applied again to what is complete, changes nothing. */
    default void defaults(ObjectNode object) {}

    /** Fills in what the server decides at creation. */
    default void prepareCreate(ObjectNode object) {}

    /** Carries over what an update leaves out and may not change. */
    default void prepareUpdate(ObjectNode object, ObjectNode old) {}

    /** As {@link #prepareUpdate}, for an update of the status. */
    default void prepareStatus(ObjectNode object, ObjectNode old) {}

    /** What is wrong with the object, metadata apart. */
    default void validate(ObjectNode object, Causes causes) {}

    /** What must not change; {@link #validate} has been asked before. */
    default void validateUpdate(ObjectNode object, ObjectNode old, Causes causes) {}

    /** What is wrong with the name, null for nothing. */
    default @Nullable String nameProblem(String name) {
        return Names.subdomain(name);
    }

    /**
     * Says what is accepted but not as it was meant, as a {@code Warning} header each, at creation and when the specification has changed; what
     * has no effect, {@link Effects} says.
     */
    default void warn(ObjectNode object, Consumer<String> warning) {}

    /**
     * How long a deletion takes: 0 removes the object at once.
     *
     * @param asked what the client asks for; null for the object's own
     */
    default long gracePeriodSeconds(ObjectNode object, @Nullable Long asked) {
        return 0;
    }

    /** Why an object of this name may not be deleted; null for nothing. */
    default @Nullable String deletionProblem(String name) {
        return null;
    }

    /** Whether {@code spec} is what {@code metadata.generation} counts; else the kind has none. */
    default boolean hasGeneration() {
        return false;
    }

    /** Whether an update must say of which version of the object it is. */
    default boolean needsVersion() {
        return false;
    }

    /** Whether what a client sends as status is dropped but on the status subresource. */
    default boolean hasStatus() {
        return false;
    }

    /** What counts as a change of the specification. */
    default boolean specChanged(ObjectNode object, ObjectNode old) {
        return !Json.same(object.path("spec"), old.path("spec"));
    }

    /**
     * Takes what the object needs from a common stock (addresses, ports), and writes it into the object.
     *
     * @param old null at creation
     */
    default Allocation allocate(ObjectNode object, @Nullable ObjectNode old, Causes causes) {
        return Allocation.NONE;
    }

    /** Gives back what was taken at creation (addresses, ports). */
    default void released(ObjectNode object) {}
}
