package dev.headroom.lab.load.cluster;

import dev.headroom.lab.deploy.ApiAnswer;
import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.ClusterGoneException;
import dev.headroom.lab.deploy.Quantity;
import dev.headroom.lab.load.LoadException;
import dev.headroom.lab.load.LoadProgress.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The pods that send a load, as the lab sees them through the Kubernetes API. */
final class GeneratorPods {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How many are talked to at once. */
    private static final int AT_ONCE = 16;

    private final Cluster cluster;
    private final String collection;
    private final String selector;
    private final String id;
    private final int port;
    private List<Pod> ready = List.of();

    /**
     * A pod of the generator.
     *
     * @param cpuLimit of its container, in CPUs; null where it has none
     */
    record Pod(String name, String node, @Nullable Double cpuLimit, JsonNode object) {
        static Pod of(JsonNode object) {
            JsonNode container = own(object.path("spec").path("containers"));
            return new Pod(
                    object.path("metadata").path("name").asString(""),
                    object.path("spec").path("nodeName").asString("an unknown node"),
                    Quantity.number(container.path("resources").path("limits").path("cpu")),
                    object);
        }

        /** A mesh may put others beside it. */
        static JsonNode own(JsonNode containers) {
            for (JsonNode container : containers) {
                if (container.path("name").asString("").equals(GeneratorManifest.CONTAINER)) {
                    return container;
                }
            }
            return containers.path(0);
        }

        String phase() {
            return object.path("status").path("phase").asString("");
        }

        boolean hasEnded() {
            return phase().equals("Succeeded") || phase().equals("Failed");
        }
    }

    /** What is done with each pod. */
    interface Action {
        void on(Pod pod, int number)
                throws LoadException, ClusterGoneException, InterruptedException;
    }

    /**
     * @param selector by which they are found
     * @param id to which they listen
     */
    GeneratorPods(Cluster cluster, String namespace, String selector, String id, int port) {
        this.cluster = cluster;
        this.collection = "/api/v1/namespaces/" + namespace + "/pods";
        this.selector = selector.replace("/", "%2F").replace("=", "%3D");
        this.id = id;
        this.port = port;
    }

    /** Those that are there, by name. */
    List<Pod> list() throws ClusterGoneException, InterruptedException {
        List<Pod> pods = new ArrayList<>();
        cluster.json(collection + "?labelSelector=" + selector)
                .path("items")
                .forEach(item -> pods.add(Pod.of(item)));
        pods.sort(Comparator.comparing(Pod::name));
        return pods;
    }

    /** From here on these are meant. */
    void areReady(List<Pod> all) {
        ready = List.copyOf(all);
    }

    /** All that were ready, in the order of their names. */
    List<Pod> all() {
        return ready;
    }

    int port() {
        return port;
    }

    /** Asks a pod, through the API server. */
    ApiAnswer ask(Pod pod, String what) throws ClusterGoneException, InterruptedException {
        String path = collection + "/" + pod.name() + ":" + port + "/proxy/" + id + "/" + what;
        return cluster.get(path, PATIENCE);
    }

    /** The same where no answer is as good as one: the pod may have ended. */
    @Nullable ApiAnswer askOrNot(Pod pod, String what) throws InterruptedException {
        try {
            ApiAnswer answer = ask(pod, what);
            return answer.ok() ? answer : null;
        } catch (ClusterGoneException e) {
            return null;
        }
    }

    /** Does it with all of them, several at a time; the first problem is thrown when all are done. */
    void each(Action action) throws LoadException, ClusterGoneException, InterruptedException {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        Math.min(AT_ONCE, Math.max(1, ready.size())),
                        Thread.ofVirtual().factory())) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < ready.size(); i++) {
                int number = i;
                all.add(
                        threads.submit(() -> {
                            action.on(ready.get(number), number);
                            return true;
                        }));
            }
            for (Future<Boolean> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case LoadException problem -> throw problem;
                case ClusterGoneException problem -> throw problem;
                case InterruptedException problem -> throw problem;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Whether all have; one that is no longer there has too. A cluster that gives no answer tells nothing. */
    boolean haveEnded() throws InterruptedException {
        try {
            return list().stream().allMatch(Pod::hasEnded);
        } catch (ClusterGoneException e) {
            return false;
        }
    }

    /** What all have done so far; null where one can't be asked. The p99 is the slowest pod's. */
    @Nullable Moment progress(Duration elapsed)
            throws LoadException, ClusterGoneException, InterruptedException {
        List<JsonNode> moments = new ArrayList<>();
        each((pod, number) -> {
            ApiAnswer answer = askOrNot(pod, "progress");
            JsonNode moment = answer == null ? null : json(answer);
            if (moment != null) {
                synchronized (moments) {
                    moments.add(moment);
                }
            }
        });
        if (moments.size() < ready.size()) {
            return null;
        }
        long answers = 0;
        long failed = 0;
        Double p99 = null;
        for (JsonNode moment : moments) {
            answers += moment.path("answers").asLong(0);
            failed += moment.path("failed").asLong(0);
            if (moment.path("p99Millis").isNumber()) {
                double one = moment.path("p99Millis").asDouble();
                p99 = p99 == null ? one : Math.max(p99, one);
            }
        }
        return new Moment(Duration.ofSeconds(elapsed.toSeconds()), answers, failed, p99);
    }

    private static @Nullable JsonNode json(ApiAnswer answer) {
        try {
            return answer.json();
        } catch (JacksonException e) {
            return null;
        }
    }

    /** From its log; null where that has none. */
    @Nullable Handover handover(Pod pod) throws ClusterGoneException, InterruptedException {
        ApiAnswer log =
                cluster.get(
                        collection
                                + "/"
                                + pod.name()
                                + "/log?container="
                                + GeneratorManifest.CONTAINER);
        return log.ok() ? Handover.in(log.body()) : null;
    }

    /** How a pod that handed over nothing ended. */
    String ending(Pod pod) throws ClusterGoneException, InterruptedException {
        ApiAnswer found = cluster.get(collection + "/" + pod.name());
        if (!found.ok()) {
            return "it is no longer there (" + found.message() + ")";
        }
        JsonNode status = found.json().path("status");
        JsonNode ended = Pod.own(status.path("containerStatuses")).path("state").path("terminated");
        return ended.isObject()
                ? "it ended with exit code "
                        + ended.path("exitCode").asInt(-1)
                        + " ("
                        + ended.path("reason").asString("no reason")
                        + ") and told nothing"
                : "it told nothing; its phase is "
                        + status.path("phase").asString("unknown")
                        + (status.path("reason").isString()
                                ? " (" + status.path("reason").asString() + ")"
                                : "");
    }
}
