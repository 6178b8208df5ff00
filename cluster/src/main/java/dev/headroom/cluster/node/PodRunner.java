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
final class PodRunner implements Metered {
    private static final System.Logger LOG = System.getLogger(PodRunner.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration REFRESH = Duration.ofSeconds(60);
    private static final Duration LAST_MOUNT_BACK_OFF = Duration.ofMinutes(2);

    private final NodeContext context;
    private final ObjectNode pod;
    private final String ip;
    private final Path directory;
    private final Volumes volumes;
    private final List<Container> initial = new ArrayList<>();
    private final List<Container> main = new ArrayList<>();
    private final Map<Container, Prober> probers = new HashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Instant startTime;
    private final Runnable finished;
    private volatile @Nullable Long gracePeriod;
    private @Nullable JsonNode lastStatus;
    private boolean mounted;
    private Instant mountAt = Instant.MIN;
    private Duration mountBackOff = SOON;
    private boolean initialized;
    private boolean late;

    PodRunner(NodeContext context, ObjectNode pod, String ip, Runnable finished)
            throws java.io.IOException {
        this.context = context;
        this.pod = pod;
        this.ip = ip;
        this.finished = finished;
        this.directory =
                java.nio.file.Files.createDirectories(
                        context.state().path().resolve("pods").resolve(Trees.uid(pod)));
        this.volumes = new Volumes(context, pod, ip, directory.resolve("volumes"));
        this.startTime = context.clock().instant();
        pod.path("spec").path("initContainers").forEach(spec -> initial.add(container(spec)));
        pod.path("spec").path("containers").forEach(spec -> main.add(container(spec)));
    }

    private Container container(JsonNode spec) {
        return new Container(pod, spec, context, ip, directory, volumes, this::wake);
    }

    @Override
    public ObjectNode pod() {
        return pod;
    }

    @Override
    public List<Reading> readings() {
        List<Reading> found = new ArrayList<>();
        for (Container container : containers()) {
            ContainerProcess process = container.process();
            Limits.Usage usage = container.usage();
            if (process != null && usage != null) {
                found.add(new Reading(container.name(), process.startedAt(), usage));
            }
        }
        return found;
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
            if (!late) {
                end();
            }
            remove();
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
            if (container.hasJustFailedToPull()) {
                next = shorter(next, SOON);
            } else if (!container.isRunning()) {
                next = shorter(next, Duration.between(now, container.notBefore()));
            }
        }
        if (!mounted) {
            next = shorter(next, Duration.between(now, mountAt));
        }
        Instant deadline = deadline();
        if (deadline != null) {
            next = shorter(next, Duration.between(now, deadline));
        }
        if (wake.tryAcquire(next.toMillis() + 1, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    /** What is past already is no reason to look again at once. */
    private static Duration shorter(Duration one, Duration other) {
        return other.isPositive() && other.compareTo(one) < 0 ? other : one;
    }

    private @Nullable Instant deadline() {
        JsonNode seconds = pod.path("spec").path("activeDeadlineSeconds");
        return seconds.isNumber() ? startTime.plusSeconds(seconds.asLong()) : null;
    }

    private void step() throws InterruptedException {
        for (Container container : containers()) {
            if (container.noteExit()) {
                stopProbes(container);
            }
        }
        Instant deadline = deadline();
        if (deadline != null && !context.clock().instant().isBefore(deadline)) {
            late = true;
            context.events()
                    .normal(
                            pod,
                            "DeadlineExceeded",
                            "Pod was active on the node longer than the specified deadline");
            end();
            return;
        }
        if (!mount()) {
            return;
        }
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

    /** Makes the volumes, and now and then brings up to date those that are made of objects; false while they cannot be had. */
    private boolean mount() {
        Instant now = context.clock().instant();
        if (now.isBefore(mountAt) || (mounted && !volumes.areMadeOfObjects())) {
            return mounted;
        }
        try {
            volumes.make();
            if (!mounted) {
                volumes.differences()
                        .forEach(text -> context.events().warning(pod, "VolumeNotMounted", text));
            }
            mounted = true;
            mountAt = now.plus(REFRESH);
        } catch (Volumes.Failed e) {
            context.events().warning(pod, "FailedMount", String.valueOf(e.getMessage()));
            mountAt = now.plus(mountBackOff);
            Duration doubled = mountBackOff.multipliedBy(2);
            mountBackOff =
                    doubled.compareTo(LAST_MOUNT_BACK_OFF) > 0 ? LAST_MOUNT_BACK_OFF : doubled;
        }
        return mounted;
    }

    /** True once every init container has succeeded, and every sidecar has started. */
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
                Hooks.afterStart(container, life, new Ending(this::remaining));
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

    /** No container will be started any more: one that must succeed first has failed for good, or all have done their work. */
    private boolean isOver() {
        if (late) {
            return true;
        }
        for (Container container : initial) {
            if (!container.isSidecar() && container.hasEnded() && !container.hasSucceeded()) {
                return !container.isWanted();
            }
        }
        return initialized && main.stream().allMatch(c -> c.hasEnded() && !c.isWanted());
    }

    /** A pod that is over keeps its object until someone deletes it. */
    private void awaitStop() throws InterruptedException {
        if (!stopping.get() && initial.stream().anyMatch(Container::isRunning)) {
            end();
        }
        while (!stopping.get()) {
            wake.acquire();
        }
    }

    /** The main containers together, then the sidecars, the last one first (upstream: terminationOrdering). */
    private void end() throws InterruptedException {
        Ending ending = new Ending(this::remaining);
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
        publish();
        for (Thread thread : threads) {
            thread.join();
        }
        probers.keySet().stream().toList().forEach(this::stopProbes);
        containers().forEach(Container::noteExit);
        publish();
    }

    private long remaining() {
        Long grace = gracePeriod;
        return grace == null
                ? pod.path("spec").path("terminationGracePeriodSeconds").asLong(30)
                : Math.max(grace, 0);
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
                        new PodStatus.State(
                                initial,
                                main,
                                mounted,
                                initialized || initial.isEmpty(),
                                over,
                                stopping.get(),
                                late),
                        ip,
                        context.hostIp(),
                        startTime,
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
