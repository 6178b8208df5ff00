package dev.headroom.lab.load.cluster;

import dev.headroom.lab.deploy.ApiAnswer;
import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.ClusterGoneException;
import dev.headroom.lab.deploy.DeploymentRecord.Reason;
import dev.headroom.lab.deploy.Obstacles;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.LabClock;
import dev.headroom.lab.run.StageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Waits for the pods that are to send a load to listen; gives up early where something that waiting does not cure has stood in the way for a while. */
final class PodsWait {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** As long as a workload's pods are given. */
    private static final Duration STUCK = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final String namespace;
    private final GeneratorPods generators;
    private final Consumer<String> says;

    PodsWait(Cluster cluster, String namespace, GeneratorPods generators, Consumer<String> says) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.generators = generators;
        this.says = says;
    }

    /**
     * Waits until as many answer.
     *
     * @param owner the name that all of them, and events about them, begin with
     * @throws StageException where they don't, with the reason
     */
    void await(int wanted, String owner, Duration timeout)
            throws ClusterGoneException, StageException, InterruptedException {
        long start = System.nanoTime();
        long nextLook = start + LOOK.toNanos();
        long stuckSince = -1;
        String said = "";
        while (true) {
            List<GeneratorPods.Pod> pods = generators.list();
            String problem = pods.size() == wanted ? firstThatDoesNotAnswer(pods) : "";
            if (problem == null) {
                generators.areReady(pods);
                return;
            }
            long now = System.nanoTime();
            boolean late = now - start > timeout.toNanos();
            if (late || now > nextLook) {
                nextLook = now + LOOK.toNanos();
                List<Reason> reasons = obstacles(pods, owner);
                String first =
                        reasons.isEmpty()
                                ? problem
                                : reasons.getFirst().object()
                                        + ": "
                                        + reasons.getFirst().reason()
                                        + ": "
                                        + reasons.getFirst().message();
                boolean stuck =
                        reasons.stream().anyMatch(r -> Obstacles.lasting(r, !cluster.embedded()));
                stuckSince = !stuck ? -1 : stuckSince < 0 ? now : stuckSince;
                // Nobody starts one anew that has ended.
                boolean ended = pods.stream().anyMatch(GeneratorPods.Pod::hasEnded);
                if (late || ended || stuckSince >= 0 && now - stuckSince >= STUCK.toNanos()) {
                    throw notReady(pods, wanted, first, Duration.ofNanos(now - start));
                }
                if (!first.isEmpty() && !first.equals(said)) {
                    said = first;
                    says.accept("the load's pods are not ready yet: " + first);
                }
            }
            Thread.sleep(POLL);
        }
    }

    private static StageException notReady(
            List<GeneratorPods.Pod> pods, int wanted, String first, Duration waited) {
        return new StageException(
                "load",
                "of "
                        + wanted
                        + (wanted == 1 ? " pod that is" : " pods that are")
                        + " to send the load, "
                        + pods.stream().filter(p -> p.phase().equals("Running")).count()
                        + " ran after "
                        + waited.toSeconds()
                        + " s"
                        + (first.isEmpty() ? "" : ": " + first),
                null);
    }

    /** Null where all do; else why not, empty where one does not run yet. */
    private @Nullable String firstThatDoesNotAnswer(List<GeneratorPods.Pod> pods)
            throws ClusterGoneException, StageException, InterruptedException {
        for (GeneratorPods.Pod pod : pods) {
            if (!pod.phase().equals("Running")) {
                return "";
            }
            ApiAnswer answer = ready(pod);
            if (answer.code() == 403) {
                throw new StageException(
                        "load",
                        "the pods that are to send the load can't be told to: "
                                + answer.message()
                                + "; deploy/access has the rights that a run needs (get pods/proxy)",
                        null);
            }
            if (!answer.ok()) {
                return pod.name()
                        + " does not answer through the API server's proxy: "
                        + answer.message()
                        + "; does a NetworkPolicy keep the API server from its port "
                        + generators.port()
                        + "?";
            }
        }
        return null;
    }

    /** That no answer comes in time is one too; where the API server itself is gone, the next look at it says so. */
    private ApiAnswer ready(GeneratorPods.Pod pod) throws InterruptedException {
        try {
            return generators.ask(pod, "ready");
        } catch (ClusterGoneException e) {
            return new ApiAnswer(504, String.valueOf(e.getMessage()), null);
        }
    }

    private List<Reason> obstacles(List<GeneratorPods.Pod> pods, String owner)
            throws ClusterGoneException, InterruptedException {
        List<JsonNode> about = new ArrayList<>();
        for (JsonNode event :
                cluster.json("/api/v1/namespaces/" + namespace + "/events").path("items")) {
            if (event.path("involvedObject").path("name").asString("").startsWith(owner)) {
                about.add(event);
            }
        }
        return Obstacles.of(
                Json.mapper().createObjectNode(),
                pods.stream().map(GeneratorPods.Pod::object).toList(),
                about,
                LabClock.system().millis());
    }
}
