package dev.headroom.lab.deploy;

import dev.headroom.lab.deploy.DeploymentRecord.Reason;
import dev.headroom.lab.deploy.DeploymentRecord.Rollout;
import dev.headroom.lab.run.LabClock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Waits for a workload's replicas to be available; gives up early where something that waiting does not cure has stood in the way for a while. */
final class RolloutWait {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** As long as VERDICTS gives a pod before it calls it stuck. */
    private static final Duration STUCK = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final Subject subject;
    private final Consumer<String> says;

    RolloutWait(Cluster cluster, Subject subject, Consumer<String> says) {
        this.cluster = cluster;
        this.subject = subject;
        this.says = says;
    }

    Rollout await(Duration timeout) throws ClusterGoneException, InterruptedException {
        String collection =
                cluster.collection(
                        subject.workloadApi(), subject.workloadKind(), subject.namespace());
        String path = collection + "/" + subject.workload();
        long start = System.nanoTime();
        long nextLook = start + LOOK.toNanos();
        long stuckSince = -1;
        Set<String> said = new HashSet<>();
        while (true) {
            JsonNode workload = cluster.json(path);
            long now = System.nanoTime();
            double seconds = (now - start) / 1e9;
            if (isReady(workload)) {
                return rollout(true, seconds, workload, List.of());
            }
            if (now - nextLook >= 0 || seconds >= timeout.toMillis() / 1e3) {
                nextLook = now + LOOK.toNanos();
                List<Reason> reasons = reasons(workload);
                String words = Obstacles.words(reasons);
                // Back-off and pull take turns, and a probe's answer may name a port of its own:
                // each is said once.
                if (!words.isEmpty() && said.add(words.replaceAll("\\d+", ""))) {
                    says.accept("not ready yet: " + words);
                }
                boolean stuck =
                        reasons.stream().anyMatch(r -> Obstacles.lasting(r, !cluster.embedded()));
                stuckSince = !stuck ? -1 : stuckSince < 0 ? now : stuckSince;
                boolean forTooLong = stuckSince >= 0 && now - stuckSince >= STUCK.toNanos();
                if (forTooLong || seconds >= timeout.toMillis() / 1e3) {
                    return rollout(false, seconds, workload, reasons);
                }
            }
            Thread.sleep(POLL);
        }
    }

    private static Rollout rollout(
            boolean ready, double seconds, JsonNode workload, List<Reason> reasons) {
        JsonNode status = workload.path("status");
        return new Rollout(
                ready,
                Math.round(seconds * 1000) / 1000.0,
                workload.path("spec").path("replicas").asInt(1),
                status.path("readyReplicas").asInt(0),
                reasons);
    }

    /** As {@code kubectl rollout status} sees it. */
    static boolean isReady(JsonNode workload) {
        JsonNode status = workload.path("status");
        int wanted = workload.path("spec").path("replicas").asInt(1);
        boolean seen =
                status.path("observedGeneration").asLong(0)
                        >= workload.path("metadata").path("generation").asLong(0);
        String kind = workload.path("kind").asString("");
        int updated =
                kind.equals("ReplicaSet")
                        ? status.path("replicas").asInt(0)
                        : status.path("updatedReplicas").asInt(0);
        return seen
                && updated >= wanted
                && status.path("replicas").asInt(0) <= updated
                && status.path("availableReplicas").asInt(0) >= wanted
                && wanted > 0;
    }

    private List<Reason> reasons(JsonNode workload)
            throws ClusterGoneException, InterruptedException {
        String core = "/api/v1/namespaces/" + subject.namespace();
        List<JsonNode> pods =
                items(
                        core
                                + "/pods?labelSelector="
                                + URLEncoder.encode(
                                        subject.labelSelector(), StandardCharsets.UTF_8));
        List<JsonNode> events = items(core + "/events");
        List<String> ours = new ArrayList<>();
        pods.forEach(p -> ours.add(p.path("metadata").path("name").asString("")));
        events.removeIf(e -> {
            String about = e.path("involvedObject").path("name").asString("");
            return !ours.contains(about) && !about.startsWith(subject.workload());
        });
        List<Reason> reasons =
                new ArrayList<>(Obstacles.of(workload, pods, events, LabClock.system().millis()));
        for (JsonNode pod : pods) {
            log(core, pod, reasons);
        }
        return reasons;
    }

    /** The last lines of a container that ended: mostly they say why. */
    private void log(String core, JsonNode pod, List<Reason> reasons)
            throws ClusterGoneException, InterruptedException {
        String name = pod.path("metadata").path("name").asString("");
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            boolean ended =
                    container.path("state").path("terminated").isObject()
                            || container.path("lastState").path("terminated").isObject();
            if (!ended) {
                continue;
            }
            String query =
                    "?tailLines=10&limitBytes=2000&previous="
                            + !container.path("state").path("terminated").isObject()
                            + "&container="
                            + container.path("name").asString("");
            ApiAnswer answer = cluster.get(core + "/pods/" + name + "/log" + query);
            if (answer.ok() && !answer.body().isBlank()) {
                reasons.add(
                        new Reason(
                                LabClock.system().millis(),
                                "Pod/" + name,
                                "Log",
                                answer.body().strip(),
                                "log"));
            }
        }
    }

    private List<JsonNode> items(String path) throws ClusterGoneException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        cluster.json(path).path("items").forEach(items::add);
        return items;
    }
}
