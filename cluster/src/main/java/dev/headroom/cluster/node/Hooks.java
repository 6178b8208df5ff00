package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A container's lifecycle hooks: by a command, over HTTP, or by waiting. */
final class Hooks {
    private Hooks() {}

    /**
     * Runs one to its end.
     *
     * @param patience after which it has failed
     */
    static Probe.Result run(
            JsonNode hook, Container container, ContainerProcess life, Duration patience)
            throws InterruptedException {
        if (hook.has("sleep")) {
            Duration wanted = Duration.ofSeconds(hook.path("sleep").path("seconds").asLong(0));
            boolean longer = wanted.compareTo(patience) > 0;
            Thread.sleep(longer ? patience : wanted);
            return longer ? Probe.Result.failed("it was to sleep too long") : Probe.Result.OK;
        }
        ObjectNode action = Trees.object();
        for (String kind : new String[] {"exec", "httpGet"}) {
            if (hook.has(kind)) {
                action.set(kind, hook.path(kind));
            }
        }
        // The kubelet does nothing for a deprecated tcpSocket.
        return action.isEmpty() ? Probe.Result.OK : Probe.ask(action, container, life, patience);
    }

    /**
     * What comes between a start and the first question: its volumes are put in place, then the hook after the start, in a thread of its own.
     * Where the hook fails the container is ended, and started again by its policy.
     */
    static void afterStart(Container container, ContainerProcess life, Ending ending) {
        JsonNode hook = Trees.at(container.spec(), "lifecycle", "postStart");
        Thread.ofVirtual()
                .name("post-start-" + container.name())
                .start(() -> {
                    try {
                        life.awaitProgram();
                        if (hook.isObject()) {
                            run(hook, container, life, ending);
                        }
                        container.settle(life);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static void run(
            JsonNode hook, Container container, ContainerProcess life, Ending ending)
            throws InterruptedException {
        Probe.Result result = run(hook, container, life, Duration.ofHours(1));
        if (!result.success() && life.isAlive()) {
            container.event("Warning", "FailedPostStartHook", "PostStartHook failed");
            container.event("Normal", "Killing", "FailedPostStartHook");
            ending.end(container, life);
        }
    }
}
