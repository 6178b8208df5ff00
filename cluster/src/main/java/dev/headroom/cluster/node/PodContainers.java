package dev.headroom.cluster.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A pod's containers in their order: init containers one after the other, sidecars among them, then the main ones; started again as their
 * policies say; ended the other way round. The pod's thread alone starts and ends them.
 */
final class PodContainers {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final NodeContext context;
    private final ObjectNode pod;
    private final AtomicBoolean stopping;
    private final LongSupplier graceSeconds;
    private final List<Container> initial;
    private final List<Container> main;
    private final Map<Container, Prober> probers = new HashMap<>();
    private boolean initialized;

    /**
     * None is started yet.
     *
     * @param container makes one of its spec
     * @param stopping whether the pod is to end: probes are told
     * @param graceSeconds asked again and again while they end
     */
    PodContainers(
            NodeContext context,
            ObjectNode pod,
            Function<JsonNode, Container> container,
            AtomicBoolean stopping,
            LongSupplier graceSeconds) {
        this.context = context;
        this.pod = pod;
        this.stopping = stopping;
        this.graceSeconds = graceSeconds;
        JsonNode spec = pod.path("spec");
        this.initial = spec.path("initContainers").valueStream().map(container).toList();
        this.main = spec.path("containers").valueStream().map(container).toList();
    }

    List<Container> initial() {
        return initial;
    }

    List<Container> main() {
        return main;
    }

    List<Container> all() {
        List<Container> all = new ArrayList<>(initial);
        all.addAll(main);
        return all;
    }

    Optional<Container> find(String name) {
        return all().stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** Of those that run. */
    List<Metered.Reading> readings() {
        List<Metered.Reading> found = new ArrayList<>();
        for (Container container : all()) {
            ContainerProcess process = container.process();
            Limits.Usage usage = container.usage();
            if (process != null && usage != null) {
                found.add(new Metered.Reading(container.name(), process.startedAt(), usage));
            }
        }
        return found;
    }

    /** Every init container has succeeded, and every sidecar has started. */
    boolean isInitialized() {
        return initialized || initial.isEmpty();
    }

    boolean isAnyInitialRunning() {
        return initial.stream().anyMatch(Container::isRunning);
    }

    /** None will be started any more: one that must succeed first has failed for good, or all have done their work. */
    boolean isOver() {
        for (Container container : initial) {
            if (!container.isSidecar() && container.hasEnded() && !container.hasSucceeded()) {
                return !container.isWanted();
            }
        }
        return initialized && main.stream().allMatch(c -> c.hasEnded() && !c.isWanted());
    }

    /** The times at which those that don't run are to be looked at again; past ones too. */
    List<Instant> nextLooks(Instant now) {
        List<Instant> looks = new ArrayList<>();
        for (Container container : all()) {
            if (container.hasJustFailed()) {
                looks.add(now.plus(SOON));
            } else if (!container.isRunning()) {
                looks.add(container.notBefore());
            }
        }
        return looks;
    }

    void noteExits() {
        for (Container container : all()) {
            if (container.noteExit()) {
                stopProbes(container);
            }
        }
    }

    /** Starts what is to run now and does not. */
    void keepRunning() {
        if (!initialized) {
            initialized = initialize();
            if (!initialized) {
                return;
            }
        }
        initial.stream().filter(Container::isSidecar).forEach(this::keepRunning);
        for (Container container : main) {
            keepRunning(container);
            if (container.isRunning() && !container.isSettled()) {
                return;
            }
        }
    }

    private boolean initialize() {
        for (Container container : initial) {
            if (container.isSidecar()) {
                keepRunning(container);
                if (!container.isStarted()) {
                    return false;
                }
            } else if (!container.hasSucceeded()) {
                keepRunning(container);
                return false;
            }
        }
        return true;
    }

    private void keepRunning(Container container) {
        if (!container.isWanted()) {
            return;
        }
        if (container.notBefore().isAfter(context.clock().instant())) {
            container.backingOff();
            return;
        }
        container.start();
        ContainerProcess life = container.process();
        if (life != null) {
            if (!container.isSettled()) {
                Hooks.afterStart(container, life, new Ending(graceSeconds));
            }
            probers.put(container, Prober.start(pod, container, life, stopping));
        }
    }

    private void stopProbes(Container container) {
        Prober prober = probers.remove(container);
        if (prober != null) {
            prober.stop();
        }
    }

    /**
     * Ends all: the main containers together, then the sidecars, the last one first (upstream: terminationOrdering).
     *
     * @param begun told once each has been asked to end
     */
    void end(Runnable begun) throws InterruptedException {
        Ending ending = new Ending(graceSeconds);
        List<Thread> threads = new ArrayList<>();
        List<Container> order = new ArrayList<>(main);
        order.addAll(initial.reversed());
        for (Container container : order) {
            ContainerProcess life = container.process();
            if (life != null && life.isAlive()) {
                container.event("Normal", "Killing", "Stopping container " + container.name());
                List<Thread> before = container.isSidecar() ? List.copyOf(threads) : List.of();
                threads.add(Thread.ofVirtual().start(() -> ending.end(container, life, before)));
            }
        }
        begun.run();
        for (Thread thread : threads) {
            thread.join();
        }
        probers.keySet().stream().toList().forEach(this::stopProbes);
        all().forEach(Container::noteExit);
    }

    /** At once, without grace. */
    void kill() {
        for (Container container : all()) {
            stopProbes(container);
            ContainerProcess life = container.process();
            if (life != null) {
                life.kill();
                life.group().close();
            }
        }
    }
}
