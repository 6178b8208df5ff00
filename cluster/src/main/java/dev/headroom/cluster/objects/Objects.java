package dev.headroom.cluster.objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cluster as its components see it: Kubernetes objects as JSON trees, with the semantics of the Kubernetes API (defaulting,
 * validation, optimistic concurrency, graceful deletion), whether the API server is in this process or behind HTTP.
 *
 * <p>Trees that come out are shared and must not be modified: {@code deepCopy()} first. Trees that go in are copied. Every method
 * throws {@link ApiException} with the Status a client would have got. All are safe for use by several threads.
 */
public interface Objects {

    /** One object; throws {@link ApiException} with reason NotFound where there is none. */
    ObjectNode get(ResourceType type, String namespace, String name);

    /** The objects of one namespace, or of all where {@code namespace} is null, and the version the list stands for. */
    ObjectList list(ResourceType type, @Nullable String namespace, Query query);

    /**
     * Changes after {@code resourceVersion}, in order and without gap, until closed.
     *
     * @throws ApiException with reason Expired (410) where the version is too old: list again
     */
    Watch watch(ResourceType type, @Nullable String namespace, Query query, String resourceVersion);

    /** Creates an object ({@code metadata.generateName} allowed) and returns it as stored. */
    ObjectNode create(ResourceType type, String namespace, ObjectNode object);

    /** Replaces an object; with {@code metadata.resourceVersion} only if it is still the stored one (else Conflict). */
    ObjectNode update(ResourceType type, String namespace, ObjectNode object);

    /** Replaces a subresource, {@code status} or {@code scale}, under the same rule; for {@code scale} takes and gives autoscaling/v1 Scale. */
    ObjectNode updateSubresource(
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ObjectNode object);

    /** Reads a subresource, such as {@code scale}. */
    ObjectNode getSubresource(ResourceType type, String namespace, String name, String subresource);

    /** JSON merge patch (RFC 7386) of the object or, where given, of a subresource ({@code status}, {@code scale}, {@code binding}). */
    ObjectNode mergePatch(
            ResourceType type,
            String namespace,
            String name,
            @Nullable String subresource,
            JsonNode patch);

    /** Begins the deletion of an object: graceful for pods, held up by finalizers, dependents by {@link DeleteOptions#propagation}. */
    void delete(ResourceType type, String namespace, String name, DeleteOptions options);
}
