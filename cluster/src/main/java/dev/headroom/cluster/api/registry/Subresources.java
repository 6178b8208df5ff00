package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Selectors;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.base.Times;
import dev.headroom.cluster.api.fields.Conformance;
import dev.headroom.cluster.api.kind.Kinds;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.patch.MergePatch;
import dev.headroom.cluster.objects.ResourceType;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Subresources that are objects of their own shape over a part of an object: {@code scale}, {@code binding}, {@code eviction}. */
public final class Subresources {
    public static final String SCALE = "io.k8s.api.autoscaling.v1.Scale";

    private final Registry registry;
    private final Reading reading;
    private final Kinds kinds;
    private final InstantSource clock;

    public Subresources(Registry registry, Kinds kinds, InstantSource clock) {
        this.registry = registry;
        this.reading = new Reading(registry.schemas());
        this.kinds = kinds;
        this.clock = clock;
    }

    /** The {@code autoscaling/v1 Scale} of a Deployment or ReplicaSet. */
    public ObjectNode scale(Served served, String namespace, String name) {
        return scaleOf(registry.get(served, namespace, name));
    }

    private static ObjectNode scaleOf(JsonNode object) {
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field :
                List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            Json.copy(metadata, field, Json.at(object, "metadata", field));
        }
        ObjectNode spec = scale.putObject("spec");
        long replicas = Json.integer(object, 0, "spec", "replicas");
        if (replicas != 0) {
            Json.put(spec, "replicas", replicas);
        }
        ObjectNode status = scale.putObject("status");
        Json.put(status, "replicas", Json.integer(object, 0, "status", "replicas"));
        String selector = Selectors.text(Json.at(object, "spec", "selector"));
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    /** Changes the number of replicas by way of its Scale. */
    public ObjectNode updateScale(
            Caller caller, Served served, String namespace, String name, Change change) {
        ObjectNode updated =
                registry.update(
                        caller.told(),
                        served,
                        namespace,
                        name,
                        "",
                        current -> {
                            ObjectNode wanted =
                                    reading.read(
                                            caller,
                                            SCALE,
                                            change.propose(scaleOf(current)),
                                            change::refusal);
                            return scaled(served.type(), current, wanted, change.isWhole());
                        });
        return scaleOf(updated);
    }

    /** Changes it by applying a Scale. */
    public ObjectNode applyScale(
            Caller caller, Served served, String namespace, String name, ObjectNode applied) {
        Conformance.check(registry.schemas(), SCALE, applied);
        Change change = new AppliedChange(applied, current -> MergePatch.apply(current, applied));
        return updateScale(caller, served, namespace, name, change);
    }

    private static ObjectNode scaled(
            ResourceType type, ObjectNode current, ObjectNode scale, boolean whole) {
        String name = Json.name(current);
        String uid = Json.uid(scale);
        if (whole && !uid.isEmpty() && !uid.equals(Json.uid(current))) {
            throw ServerFields.otherUid(type, current, uid);
        }
        long replicas = Json.integer(scale, 0, "spec", "replicas");
        if (replicas < 0) {
            throw Statuses.invalid(
                    "Scale",
                    "autoscaling",
                    name,
                    List.of(
                            Cause.invalid(
                                    "spec.replicas",
                                    replicas,
                                    "must be greater than or equal to 0")));
        }
        ObjectNode object = current.deepCopy();
        // The object's own check of it finds whether this is the version that is there.
        Json.copy(
                Json.metadata(object),
                "resourceVersion",
                Json.at(scale, "metadata", "resourceVersion"));
        Json.put(Json.ensure(object, "spec"), "replicas", replicas);
        return object;
    }

    /** Gives a pod to a node ({@code v1 Binding}). */
    public ObjectNode bind(Caller caller, String namespace, String name, ObjectNode binding) {
        Served pods = pods();
        String node = Json.text(binding, "target", "name");
        if (node.isEmpty()) {
            throw Statuses.invalid("Binding", "", name, List.of(Cause.required("target.name", "")));
        }
        registry.update(
                caller,
                pods,
                namespace,
                name,
                "binding",
                current -> {
                    String bound = Json.text(current, "spec", "nodeName");
                    if (!bound.isEmpty()) {
                        throw Statuses.conflict(
                                ResourceType.POD,
                                name,
                                "pod " + name + " is already assigned to node \"" + bound + "\"");
                    }
                    if (Json.has(current, "metadata", "deletionTimestamp")) {
                        throw Statuses.conflict(
                                ResourceType.POD,
                                name,
                                "pod " + name + " is being deleted, cannot be assigned to a host");
                    }
                    return bound(current, node);
                });
        return Statuses.success(201);
    }

    private ObjectNode bound(ObjectNode pod, String node) {
        ObjectNode object = pod.deepCopy();
        Json.ensure(object, "spec").put("nodeName", node);
        ObjectNode status = Json.ensure(object, "status");
        ArrayNode conditions =
                status.path("conditions") instanceof ArrayNode found
                        ? found
                        : status.putArray("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (Json.text(conditions.get(i), "type").equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        ObjectNode condition = conditions.addObject().put("type", "PodScheduled");
        condition.put("status", "True").putNull("lastProbeTime");
        condition.put("lastTransitionTime", Times.seconds(clock.instant()));
        return object;
    }

    /** Deletes a pod as an eviction does; disruption budgets are not enforced here. */
    public ObjectNode evict(Caller caller, String namespace, String name, Deletion deletion) {
        registry.delete(caller, pods(), namespace, name, deletion);
        return Statuses.success(201);
    }

    private Served pods() {
        return Objects.requireNonNull(kinds.find(ResourceType.POD));
    }
}
