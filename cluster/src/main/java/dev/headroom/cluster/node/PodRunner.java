package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs one pod from its binding to its end: its volumes, then its containers in their order; ends it gracefully; writes its status whenever
 * it changed. One thread does all of that; others only wake it.
 */
final class PodRunner implements Metered {
    private static final System.Logger LOG = System.getLogger(PodRunner.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final NodeContext context;
    private final ObjectNode pod;
    private final String ip;
    private final Path directory;
    private final Mounting mounting;
    private final PodContainers containers;
    private final Semaphore wake = new Semaphore(0);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Instant startTime;
    private final Runnable finished;
    private volatile @Nullable Long gracePeriod;
    private @Nullable JsonNode lastStatus;
    private boolean late;

    PodRunner(NodeContext context, ObjectNode pod, String ip, Runnable finished)
            throws IOException {
        this.context = context;
        this.pod = pod;
        this.ip = ip;
        this.finished = finished;
        this.directory =
                Files.createDirectories(
                        context.state().path().resolve("pods").resolve(Trees.uid(pod)));
        this.startTime = context.clock().instant();
        Volumes volumes = new Volumes(context, pod, ip, directory.resolve("volumes"));
        this.mounting = new Mounting(context, pod, volumes);
        this.containers =
                new PodContainers(
                        context,
                        pod,
                        spec ->
                                new Container(
                                        pod, spec, context, ip, directory, volumes, this::wake),
                        stopping,
                        this::remaining);
    }

    @Override
    public ObjectNode pod() {
        return pod;
    }

    @Override
    public List<Reading> readings() {
        return containers.readings();
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

    Optional<Container> container(String name) {
        return containers.find(name);
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
        List<Instant> looks = new ArrayList<>(containers.nextLooks(now));
        if (!mounting.isDone()) {
            looks.add(mounting.next());
        }
        Instant deadline = deadline();
        if (deadline != null) {
            looks.add(deadline);
        }
        // What is past already is no reason to look again at once.
        Duration next =
                looks.stream()
                        .map(at -> Duration.between(now, at))
                        .filter(Duration::isPositive)
                        .reduce(IDLE, (one, other) -> other.compareTo(one) < 0 ? other : one);
        if (wake.tryAcquire(next.toMillis() + 1, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private @Nullable Instant deadline() {
        JsonNode seconds = pod.path("spec").path("activeDeadlineSeconds");
        return seconds.isNumber() ? startTime.plusSeconds(seconds.asLong()) : null;
    }

    private void step() throws InterruptedException {
        containers.noteExits();
        Instant deadline = deadline();
        if (deadline != null && !context.clock().instant().isBefore(deadline)) {
            late = true;
            context.events().normal(pod, PodStatus.DEADLINE_EXCEEDED, PodStatus.LATE);
            end();
            return;
        }
        if (mounting.keep()) {
            containers.keepRunning();
        }
    }

    private boolean isOver() {
        return late || containers.isOver();
    }

    /** A pod that is over keeps its object until someone deletes it. */
    private void awaitStop() throws InterruptedException {
        if (!stopping.get() && containers.isAnyInitialRunning()) {
            end();
        }
        while (!stopping.get()) {
            wake.acquire();
        }
    }

    private void end() throws InterruptedException {
        containers.end(this::publish);
        publish();
    }

    private long remaining() {
        Long grace = gracePeriod;
        return grace == null
                ? pod.path("spec").path("terminationGracePeriodSeconds").asLong(30)
                : Math.max(grace, 0);
    }

    private void remove() {
        PodWriter.remove(context.objects(), pod);
        try {
            FileTrees.remove(directory);
        } catch (IOException e) {
            LOG.log(Level.WARNING, directory + " could not be removed", e);
        }
    }

    /** At once, without grace: the node itself ends. */
    void kill() {
        stopping.set(true);
        containers.kill();
    }

    private void publish() {
        boolean over = !stopping.get() && isOver();
        ObjectNode status =
                PodStatus.of(
                        pod,
                        new PodStatus.State(
                                containers.initial(),
                                containers.main(),
                                mounting.isDone(),
                                containers.isInitialized(),
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
        if (!PodWriter.status(context.objects(), pod, status)) {
            stop(0);
        }
    }
}
