package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.ResourceType;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs one pod from its binding to its end: init containers one after the other, then all others; starts again what its restart policy says;
 * ends it gracefully; writes its status whenever it changed. One thread does all of that; others only wake it.
 */
final class PodRunner {
    private static final System.Logger LOG = System.getLogger(PodRunner.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final NodeContext context;
    private final ObjectNode pod;
    private final String ip;
    private final Path directory;
    private final List<Container> initial = new ArrayList<>();
    private final List<Container> main = new ArrayList<>();
    private final Map<Container, Prober> probers = new HashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Instant startTime;
    private final Runnable finished;
    private volatile @Nullable Long gracePeriod;
    private @Nullable JsonNode lastStatus;
    private boolean initialized;

    PodRunner(NodeContext context, ObjectNode pod, String ip, Runnable finished)
            throws java.io.IOException {
        this.context = context;
        this.pod = pod;
        this.ip = ip;
        this.finished = finished;
        this.directory =
                java.nio.file.Files.createDirectories(
                        context.state().path().resolve("pods").resolve(Trees.uid(pod)));
        this.startTime = context.clock().instant();
        pod.path("spec").path("initContainers").forEach(spec -> initial.add(container(spec)));
        pod.path("spec").path("containers").forEach(spec -> main.add(container(spec)));
    }

    private Container container(JsonNode spec) {
        return new Container(pod, spec, context, ip, directory, this::wake);
    }

    String ip() {
        return ip;
    }

    ObjectNode pod() {
        return pod;
    }

    void start() {
        Thread.ofVirtual().name("pod-" + Trees.name(pod)).start(this::run);
    }

    private void wake() {
        wake.release();
    }

    /** Ends it; a shorter period than before hurries. */
    void stop(long graceSeconds) {
        Long before = gracePeriod;
        if (before == null || graceSeconds < before) {
            gracePeriod = graceSeconds;
            stopping.set(true);
            wake();
        }
    }

    List<Container> containers() {
        List<Container> all = new ArrayList<>(initial);
        all.addAll(main);
        return all;
    }

    Optional<Container> container(String name) {
        return containers().stream().filter(c -> c.name().equals(name)).findFirst();
    }

    private void run() {
        try {
            publish();
            while (!stopping.get()) {
                step();
                publish();
                if (isOver()) {
                    break;
                }
                sleep();
            }
            awaitStop();
            end();
        } catch (InterruptedException e) {
            kill();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "pod " + Trees.key(pod) + " failed", e);
            kill();
        } finally {
            finished.run();
        }
    }

    private void sleep() throws InterruptedException {
        Instant now = context.clock().instant();
        Duration next = IDLE;
        for (Container container : containers()) {
            if (!container.isRunning()) {
                Duration until =
                        Duration.between(
                                now,
                                container.notBefore().isBefore(now) ? now : container.notBefore());
                next = until.isZero() || until.compareTo(next) >= 0 ? next : until;
            }
        }
        if (wake.tryAcquire(next.toMillis() + 1, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private void step() {
        for (Container container : containers()) {
            if (container.noteExit()) {
                stopProbes(container);
            }
        }
        if (!initialized) {
            initialized = initialize();
            if (!initialized) {
                return;
            }
        }
        for (Container container : initial) {
            if (isSidecar(container)) {
                keepRunning(container, "Always");
            }
        }
        String policy = pod.path("spec").path("restartPolicy").asString("Always");
        main.forEach(container -> keepRunning(container, policy));
    }

    private static boolean isSidecar(Container container) {
        return Trees.text(container.spec(), "restartPolicy").equals("Always");
    }

    /** True once every init container has succeeded, and every sidecar has started. */
    private boolean initialize() {
        for (Container container : initial) {
            if (isSidecar(container)) {
                keepRunning(container, "Always");
                if (!container.isStarted()) {
                    return false;
                }
            } else if (!container.hasSucceeded()) {
                String policy = pod.path("spec").path("restartPolicy").asString("Always");
                keepRunning(container, policy.equals("Never") ? "Never" : "OnFailure");
                return false;
            }
        }
        return true;
    }

    private void keepRunning(Container container, String policy) {
        if (container.isRunning()) {
            return;
        }
        boolean wanted =
                !container.hasEnded()
                        || policy.equals("Always")
                        || (policy.equals("OnFailure") && !container.hasSucceeded());
        if (!wanted) {
            return;
        }
        if (container.notBefore().isAfter(context.clock().instant())) {
            container.backingOff();
            return;
        }
        container.start();
        ContainerProcess life = container.process();
        if (life != null) {
            probers.put(container, Prober.start(pod, container, life, ip, stopping));
        }
    }

    private void stopProbes(Container container) {
        Prober prober = probers.remove(container);
        if (prober != null) {
            prober.stop();
        }
    }

    private boolean isOver() {
        String policy = pod.path("spec").path("restartPolicy").asString("Always");
        if (policy.equals("Always") || !initialized) {
            return false;
        }
        return main.stream()
                .allMatch(c -> policy.equals("Never") ? c.hasEnded() : c.hasSucceeded());
    }

    /** A pod that is over keeps its object until someone deletes it. */
    private void awaitStop() throws InterruptedException {
        initial.stream().filter(PodRunner::isSidecar).forEach(this::terminateNow);
        while (!stopping.get()) {
            wake.acquire();
        }
    }

    private void terminateNow(Container container) {
        ContainerProcess life = container.process();
        if (life != null) {
            life.kill();
        }
    }

    private void end() throws InterruptedException {
        List<Thread> endings = new ArrayList<>();
        for (Container container : containers()) {
            ContainerProcess life = container.process();
            if (life != null && life.isAlive()) {
                context.events()
                        .record(
                                pod,
                                "Normal",
                                "Killing",
                                "Stopping container " + container.name(),
                                container.fieldPath());
                endings.add(Thread.ofVirtual().start(() -> endContainer(container, life)));
            }
        }
        publish();
        for (Thread ending : endings) {
            ending.join();
        }
        probers.keySet().stream().toList().forEach(this::stopProbes);
        containers().forEach(Container::noteExit);
        publish();
        remove();
    }

    private void endContainer(Container container, ContainerProcess life) {
        try {
            JsonNode hook = container.spec().path("lifecycle").path("preStop");
            if (hook.has("exec")) {
                ObjectNode action = Trees.object().put("timeoutSeconds", remaining());
                action.set("exec", hook.path("exec"));
                Probe.ask(
                        action,
                        container.spec(),
                        ip,
                        container.environment(),
                        container.workingDirectory());
            } else if (hook.has("sleep")) {
                Thread.sleep(
                        Math.min(remaining(), hook.path("sleep").path("seconds").asLong(0)) * 1000);
            } else if (hook.has("httpGet")) {
                ObjectNode action = Trees.object().put("timeoutSeconds", remaining());
                action.set("httpGet", hook.path("httpGet"));
                Probe.ask(
                        action,
                        container.spec(),
                        ip,
                        container.environment(),
                        container.workingDirectory());
            }
            life.terminate();
            Instant begun = context.clock().instant();
            while (life.isAlive()) {
                long left =
                        remaining() * 1000
                                - Duration.between(begun, context.clock().instant()).toMillis();
                if (left <= 0) {
                    break;
                }
                try {
                    life.onExit().get(Math.min(left, 200), TimeUnit.MILLISECONDS);
                } catch (java.util.concurrent.TimeoutException goesOn) {
                    continue;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            LOG.log(Level.WARNING, "waiting for " + container.name() + " to end", e);
        }
        life.kill();
        try {
            life.onExit().join();
        } catch (java.util.concurrent.CompletionException e) {
            LOG.log(Level.WARNING, "waiting for " + container.name() + " to end", e);
        }
    }

    private long remaining() {
        Long grace = gracePeriod;
        return grace == null ? 30 : Math.max(grace, 0);
    }

    private void remove() {
        try {
            context.objects()
                    .delete(
                            ResourceType.POD,
                            Trees.namespace(pod),
                            Trees.name(pod),
                            DeleteOptions.now(Trees.uid(pod)));
        } catch (ApiException gone) {
            LOG.log(
                    Level.DEBUG,
                    "pod {0} was removed already: {1}",
                    Trees.key(pod),
                    gone.getMessage());
        }
        try {
            FileTrees.remove(directory);
        } catch (java.io.IOException e) {
            LOG.log(Level.WARNING, directory + " could not be removed", e);
        }
    }

    /** At once, without grace: the node itself ends. */
    void kill() {
        stopping.set(true);
        for (Container container : containers()) {
            stopProbes(container);
            ContainerProcess life = container.process();
            if (life != null) {
                life.kill();
                life.group().close();
            }
        }
    }

    private void publish() {
        boolean over = !stopping.get() && isOver();
        ObjectNode status =
                PodStatus.of(
                        pod,
                        initial,
                        main,
                        ip,
                        context.hostIp(),
                        startTime,
                        initialized || initial.isEmpty(),
                        over,
                        stopping.get(),
                        lastStatus,
                        context.clock().instant());
        if (status.equals(lastStatus)) {
            return;
        }
        lastStatus = status;
        ObjectNode patch = Trees.object();
        patch.set("status", status);
        try {
            context.objects()
                    .mergePatch(
                            ResourceType.POD,
                            Trees.namespace(pod),
                            Trees.name(pod),
                            "status",
                            patch);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            stop(0);
        }
    }
}
