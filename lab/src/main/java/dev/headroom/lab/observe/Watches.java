package dev.headroom.lab.observe;

import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.Subject;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.LabClock;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Watches the objects of what is tested: every change becomes an observation, and the newest state of each is at hand. */
final class Watches implements AutoCloseable {
    private static final Set<String> ABOUT =
            Set.of("Pod", "ReplicaSet", "HorizontalPodAutoscaler", "Service");

    private final Cluster cluster;
    private final Subject subject;
    private final Consumer<Observation> sink;
    private final Map<String, Map<String, JsonNode>> newest = new ConcurrentHashMap<>();
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers =
            new ArrayList<>();

    private Watches(Cluster cluster, Subject subject, Consumer<Observation> sink) {
        this.cluster = cluster;
        this.subject = subject;
        this.sink = sink;
    }

    static Watches start(Cluster cluster, Subject subject, Consumer<Observation> sink) {
        Watches watches = new Watches(cluster, subject, sink);
        watches.named("apps", "v1", subject.workloadKind(), subject.workload());
        watches.named("", "v1", "Service", subject.service());
        if (subject.autoscaler() != null) {
            watches.named("autoscaling", "v2", "HorizontalPodAutoscaler", subject.autoscaler());
        }
        watches.selected("", "v1", "Pod");
        if (subject.workloadKind().equals("Deployment")) {
            watches.selected("apps", "v1", "ReplicaSet");
        }
        watches.inform("Event", watches.in("", "v1", "Event"), watches::isAbout);
        return watches;
    }

    /** The newest state of the workload; null before it was seen. */
    @Nullable JsonNode workload() {
        return of(subject.workloadKind()).get(subject.workload());
    }

    @Nullable JsonNode autoscaler() {
        return subject.autoscaler() == null
                ? null
                : of("HorizontalPodAutoscaler").get(subject.autoscaler());
    }

    /** The workload's pods by name, in no order. */
    Map<String, JsonNode> pods() {
        return of("Pod");
    }

    private Map<String, JsonNode> of(String kind) {
        return newest.getOrDefault(kind, Map.of());
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource,
                    GenericKubernetesResourceList,
                    Resource<GenericKubernetesResource>>
            in(String group, String version, String kind) {
        ResourceDefinitionContext context =
                new ResourceDefinitionContext.Builder()
                        .withGroup(group)
                        .withVersion(version)
                        .withKind(kind)
                        .withPlural(kind.toLowerCase(Locale.ROOT) + "s")
                        .withNamespaced(true)
                        .build();
        return cluster.client()
                .genericKubernetesResources(context)
                .inNamespace(subject.namespace());
    }

    private void named(String group, String version, String kind, String name) {
        inform(kind, in(group, version, kind).withField("metadata.name", name), o -> true);
    }

    private void selected(String group, String version, String kind) {
        inform(kind, in(group, version, kind).withLabels(subject.selector()), o -> true);
    }

    private void inform(
            String kind,
            FilterWatchListDeletable<
                            GenericKubernetesResource,
                            GenericKubernetesResourceList,
                            Resource<GenericKubernetesResource>>
                    objects,
            Predicate<JsonNode> wanted) {
        newest.put(kind, new ConcurrentHashMap<>());
        SharedIndexInformer<GenericKubernetesResource> informer = objects.runnableInformer(0);
        informer.addEventHandler(new Handler(kind, wanted));
        informer.exceptionHandler((started, problem) -> {
            sink.accept(
                    new Observation.Gap(
                            LabClock.system().millis(), "watch of " + kind, problem.toString()));
            return true;
        });
        // Without waiting for the first list: a kind the cluster refuses must not keep the others
        // from being watched.
        informer.start();
        informers.add(informer);
    }

    /** Events about what is tested: the workload, its replica sets and pods, its autoscaler and service. */
    private boolean isAbout(JsonNode event) {
        JsonNode about = event.path("involvedObject");
        String kind = about.path("kind").asString("");
        String name = about.path("name").asString("");
        if (name.equals(subject.workload()) && kind.equals(subject.workloadKind())) {
            return true;
        }
        if (!ABOUT.contains(kind)) {
            return false;
        }
        return switch (kind) {
            case "Service" -> name.equals(subject.service());
            case "HorizontalPodAutoscaler" -> name.equals(subject.autoscaler());
            default -> name.startsWith(subject.workload() + "-");
        };
    }

    private final class Handler implements ResourceEventHandler<GenericKubernetesResource> {
        private final String kind;
        private final Predicate<JsonNode> wanted;

        Handler(String kind, Predicate<JsonNode> wanted) {
            this.kind = kind;
            this.wanted = wanted;
        }

        @Override
        public void onAdd(GenericKubernetesResource resource) {
            changed("ADDED", resource);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
            changed("MODIFIED", after);
        }

        @Override
        public void onDelete(GenericKubernetesResource resource, boolean stateUnknown) {
            changed("DELETED", resource);
        }

        private void changed(String change, GenericKubernetesResource resource) {
            long at = LabClock.system().millis();
            JsonNode object =
                    Json.mapper()
                            .readTree(
                                    cluster.client().getKubernetesSerialization().asJson(resource));
            if (!wanted.test(object)) {
                return;
            }
            String name = object.path("metadata").path("name").asString("");
            Map<String, JsonNode> known = newest.get(kind);
            if (known != null && !kind.equals("Event")) {
                if (change.equals("DELETED")) {
                    known.remove(name);
                } else {
                    known.put(name, object);
                }
            }
            sink.accept(new Observation.Change(at, change, kind, name, object));
        }
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }
}
