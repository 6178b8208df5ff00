package dev.headroom.cluster.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks one life of a container, at the times its manifest says, whether it has started, is ready, is alive. */
final class Prober {
    /** Between two early looks at a container that starts, in milliseconds. */
    private static final long EARLY = 250;

    /** Between two looks whether it may be asked, in milliseconds. */
    private static final long LOOK = 100;

    private final ObjectNode pod;
    private final Container container;
    private final ContainerProcess life;
    private final AtomicBoolean stopping;
    private final List<Thread> threads = new ArrayList<>();

    private Prober(
            ObjectNode pod, Container container, ContainerProcess life, AtomicBoolean stopping) {
        this.pod = pod;
        this.container = container;
        this.life = life;
        this.stopping = stopping;
    }

    static Prober start(
            ObjectNode pod, Container container, ContainerProcess life, AtomicBoolean stopping) {
        Prober prober = new Prober(pod, container, life, stopping);
        prober.begin("startupProbe", "Startup");
        prober.begin("readinessProbe", "Readiness");
        prober.begin("livenessProbe", "Liveness");
        return prober;
    }

    private void begin(String field, String title) {
        if (container.spec().has(field)) {
            threads.add(
                    Thread.ofVirtual()
                            .name(field + "-" + container.name())
                            .start(() -> run(field, title)));
        }
    }

    private void run(String field, String title) {
        JsonNode probe = container.spec().path(field);
        long period = Math.max(1, probe.path("periodSeconds").asLong(10)) * 1000;
        int needed = Math.max(1, probe.path("successThreshold").asInt(1));
        int tolerated = Math.max(1, probe.path("failureThreshold").asInt(3));
        Duration patience = Duration.ofSeconds(Math.max(1, probe.path("timeoutSeconds").asInt(1)));
        boolean startup = field.equals("startupProbe");
        int successes = 0;
        int failures = 0;
        long nextCounted = System.nanoTime();
        try {
            Thread.sleep(probe.path("initialDelaySeconds").asLong(0) * 1000);
            while (life.isAlive() && !(stopping.get() && !field.equals("readinessProbe"))) {
                if (startup ? !container.isSettled() : !container.isStarted()) {
                    // All wait for the hook after the start, readiness and liveness for the startup
                    // probe.
                    Thread.sleep(Math.min(period, LOOK));
                    continue;
                }
                Probe.Result result = Probe.ask(probe, container, life, patience);
                if (!life.isAlive()) {
                    return;
                }
                if (result.success()) {
                    successes++;
                    failures = 0;
                    if (successes >= needed && succeeded(field)) {
                        return;
                    }
                } else if (System.nanoTime() - nextCounted >= 0) {
                    nextCounted = System.nanoTime() + (period - EARLY / 2) * 1_000_000;
                    container.event("Warning", "Unhealthy", title + " probe " + result.words());
                    failures += result.asked() ? 1 : 0;
                    successes = result.asked() ? 0 : successes;
                    if (failures >= tolerated && result.asked() && failed(probe, field, title)) {
                        return;
                    }
                }
                Thread.sleep(untilNext(field, period, result.success()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A container that is not ready yet is asked more often than its period, so that it serves as soon as it can. Refusals count, and are told of, once a period, as a kubelet has it: a
     * slow start gets all the time that its manifest gives it.
     */
    private long untilNext(String field, long period, boolean success) {
        boolean waiting = field.equals("livenessProbe") || success || container.isReady();
        boolean young = life.startedAt().plusSeconds(60).isAfter(Instant.now());
        return waiting || !young ? period : Math.min(period, EARLY);
    }

    private boolean succeeded(String field) {
        if (field.equals("startupProbe")) {
            container.setStarted();
            return true;
        }
        if (field.equals("readinessProbe")) {
            container.setReady(true);
        }
        return false;
    }

    private boolean failed(JsonNode probe, String field, String title) {
        if (field.equals("readinessProbe")) {
            container.setReady(false);
            return false;
        }
        container.event(
                "Normal",
                "Killing",
                "Container "
                        + container.name()
                        + " failed "
                        + title.toLowerCase(Locale.ROOT)
                        + " probe, will be restarted");
        JsonNode own = probe.path("terminationGracePeriodSeconds");
        long grace =
                own.isNumber()
                        ? own.asLong()
                        : pod.path("spec").path("terminationGracePeriodSeconds").asLong(30);
        new Ending(() -> grace).end(container, life);
        return true;
    }

    void stop() {
        threads.forEach(Thread::interrupt);
    }
}
