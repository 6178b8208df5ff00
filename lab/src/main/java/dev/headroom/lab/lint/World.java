package dev.headroom.lab.lint;

import dev.headroom.lab.deploy.Selectors;
import dev.headroom.lab.experiment.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The objects that are looked at together, and what they are to one another. */
public final class World {
    private static final Set<String> WORKLOADS =
            Set.of("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController");

    private final List<Manifest> objects;
    private final boolean live;
    private final Map<String, Boolean> served;
    private final List<String> notSeen;

    private World(
            List<Manifest> objects,
            boolean live,
            Map<String, Boolean> served,
            List<String> notSeen) {
        this.objects = List.copyOf(objects);
        this.live = live;
        this.served = Map.copyOf(served);
        this.notSeen = List.copyOf(notSeen);
    }

    /** Of manifests: what stands in none of them does not exist. */
    public static World ofManifests(List<Manifest> objects) {
        return new World(objects, false, Map.of(), List.of());
    }

    /**
     * Of a cluster.
     *
     * @param served whether an API group answers, for those that were asked for
     * @param notSeen what could not be read, and why
     */
    public static World ofCluster(
            List<Manifest> objects, Map<String, Boolean> served, List<String> notSeen) {
        return new World(objects, true, served, notSeen);
    }

    public List<Manifest> objects() {
        return objects;
    }

    /** What could not be read, and so was not looked at. */
    public List<String> notSeen() {
        return notSeen;
    }

    Stream<Manifest> kind(String kind) {
        return objects.stream().filter(o -> o.kind().equals(kind));
    }

    List<Autoscaler> autoscalers() {
        return kind("HorizontalPodAutoscaler").map(Autoscaler::new).toList();
    }

    /** What an autoscaler, of either kind, scales: the object with the kind, group and name of its reference. */
    Optional<Manifest> target(Manifest autoscaler, JsonNode reference) {
        return beside(autoscaler)
                .filter(o -> o.kind().equals(reference.path("kind").asString("")))
                .filter(o -> o.name().equals(reference.path("name").asString("")))
                .filter(o -> group(o.apiVersion()).equals(group(apiVersion(reference))))
                .findFirst();
    }

    /** Whether an object of this kind would be among these if it existed. */
    boolean knowsAll(String kind) {
        return !live || WORKLOADS.contains(kind);
    }

    /** Objects of the same namespace, as far as they say. */
    Stream<Manifest> beside(Manifest object) {
        return objects.stream().filter(o -> Objects.equals(o.namespace(), object.namespace()));
    }

    Stream<Workload> workloads() {
        return objects.stream().filter(o -> WORKLOADS.contains(o.kind())).map(Workload::new);
    }

    /** The autoscalers of a workload. */
    List<Autoscaler> autoscalersOf(Manifest workload) {
        return autoscalers().stream()
                .filter(a -> target(a.object(), a.reference()).filter(workload::equals).isPresent())
                .toList();
    }

    /** Services that send to pods of the workload. */
    List<Manifest> servicesOf(Workload workload) {
        return beside(workload.object())
                .filter(o -> o.kind().equals("Service"))
                .filter(o ->
                        Selectors.labels(
                                o.object().path("spec").path("selector"), workload.labels()))
                .toList();
    }

    /** Whether an API group answers; null where nothing tells. */
    @Nullable Boolean serves(String group) {
        if (live) {
            return served.get(group);
        }
        // A dump of a cluster tells by its APIServices, once there is one at all.
        List<Manifest> services = kind("APIService").toList();
        if (services.isEmpty()) {
            return null;
        }
        return services.stream()
                .filter(s -> s.object().path("spec").path("group").asString("").equals(group))
                .anyMatch(World::available);
    }

    private static boolean available(Manifest service) {
        for (JsonNode condition : service.object().path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Available")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return true;
    }

    /** A default of the namespace for a container's request; null without one. */
    @Nullable JsonNode defaultRequest(Manifest workload, String resource) {
        return beside(workload)
                .filter(o -> o.kind().equals("LimitRange"))
                .flatMap(o -> o.object().path("spec").path("limits").valueStream())
                .filter(l -> l.path("type").asString("").equals("Container"))
                .flatMap(l -> Stream.of(l.path("defaultRequest"), l.path("default")))
                .map(l -> l.path(resource))
                .filter(l -> !l.isMissingNode())
                .findFirst()
                .orElse(null);
    }

    private static String apiVersion(JsonNode reference) {
        return reference.path("apiVersion").asString("v1");
    }

    static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
}
