package dev.headroom.cluster.node;

import dev.headroom.cluster.image.ImageEntry;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One container of a pod through all its lives: waiting for its image, running, ended, waiting to be started again. Its pod's thread starts
 * and ends it; its probes' threads tell it how it is.
 */
final class Container {
    /** As containerd and runc say it, whose words are looked for. */
    private static final String RUNTIME =
            "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";

    private final JsonNode pod;
    private final ContainerSpec spec;
    private final NodeContext context;
    private final String podIp;
    private final Path directory;
    private final Volumes volumes;
    private final Runnable changed;
    private @Nullable ContainerProcess process;
    private @Nullable LogFile log;
    private @Nullable LogFile previousLog;
    private @Nullable TerminationMessage message;
    private @Nullable ObjectNode lastTermination;
    private final Waiting waiting;
    private int starts;
    private boolean settled;
    private boolean ready;
    private boolean started;
    private double cpuOfEarlierLives;

    Container(
            JsonNode pod,
            JsonNode spec,
            NodeContext context,
            String podIp,
            Path directory,
            Volumes volumes,
            Runnable changed) {
        this.pod = pod;
        this.spec = ContainerSpec.of(pod, spec);
        this.context = context;
        this.podIp = podIp;
        this.directory = directory;
        this.volumes = volumes;
        this.changed = changed;
        this.waiting = new Waiting(this.spec.firstWait());
    }

    String name() {
        return spec.name();
    }

    JsonNode spec() {
        return spec.tree();
    }

    /** An init container that goes on running beside the others. */
    boolean isSidecar() {
        return spec.isSidecar();
    }

    /** Whether it is to be started, for the first time or again. */
    synchronized boolean isWanted() {
        return process == null
                && switch (spec.restartPolicy()) {
                    case "Always" -> true;
                    case "OnFailure" -> !hasSucceeded();
                    default -> !hasEnded();
                };
    }

    String podIp() {
        return podIp;
    }

    Path directory() {
        return directory;
    }

    EventRecorder events() {
        return context.events();
    }

    /** Tries to start it; where that cannot be, it waits with the reason and is tried again after {@link #notBefore}. */
    synchronized void start() {
        Instant now = context.clock().instant();
        String image = spec.image();
        Optional<ImageEntry> entry = context.catalogue().find(image);
        if (entry.isEmpty()) {
            imageMissing(image, now);
            return;
        }
        Map<String, String> environment;
        try {
            environment =
                    new Variables(context.objects(), context.size())
                            .of(
                                    pod,
                                    spec.tree(),
                                    entry.get().environment(),
                                    podIp,
                                    context.hostIp(),
                                    context.state().id());
        } catch (Variables.Missing e) {
            waiting.refused("CreateContainerConfigError", String.valueOf(e.getMessage()), now);
            event("Warning", "Failed", "Error: " + e.getMessage());
            return;
        }
        event("Normal", "Pulled", "Container image \"" + image + "\" already present on machine");
        try {
            begin(entry.get(), environment, now);
        } catch (IOException e) {
            couldNotStart(e, now);
        }
    }

    private void begin(ImageEntry image, Map<String, String> environment, Instant now)
            throws IOException {
        String life = name() + "-" + starts;
        Path own = directory.resolve("mounts").resolve(life);
        TerminationMessage told = TerminationMessage.make(spec, own);
        message = told;
        Launch launch = Launch.of(spec.tree(), image, environment, volumes, told, own);
        previousLog = log;
        LogFile output = new LogFile(directory.resolve(life + ".log"), context.clock());
        log = output;
        Programs.require(launch.command().getFirst(), launch);
        Double cpus = spec.cpuLimit();
        Limits.Group group =
                context.limits()
                        .create(
                                Trees.uid(pod) + "-" + life,
                                cpus == null ? null : Double.valueOf(cpus * context.cpuScale()),
                                spec.memoryLimit());
        ContainerProcess begun;
        try {
            begun =
                    ContainerProcess.start(
                            context.state().path(),
                            launch,
                            context.mountSpace(),
                            group,
                            output,
                            now);
        } catch (IOException e) {
            group.close();
            throw e;
        }
        process = begun;
        starts++;
        waiting.over();
        settled = launch.mounts() == null && !spec.hasHookAfterStart();
        started = settled && !spec.hasProbe("startupProbe");
        ready = started && !spec.hasProbe("readinessProbe");
        event("Normal", "Created", "Created container: " + name());
        event("Normal", "Started", "Started container " + name());
        begun.onExit().thenRun(changed);
    }

    /**
     * Its volumes are in place, its hook after the start, if it has one, is done; until then it does not count as running, nothing is asked
     * of it, and the pod's next container waits.
     */
    synchronized void settle(ContainerProcess life) {
        if (process == life && !settled) {
            settled = true;
            started = !spec.hasProbe("startupProbe");
            ready = started && !spec.hasProbe("readinessProbe");
            changed.run();
        }
    }

    synchronized boolean isSettled() {
        return settled;
    }

    void event(String type, String reason, String message) {
        events().record(pod, type, reason, message, spec.fieldPath());
    }

    private void couldNotStart(IOException e, Instant now) {
        String message =
                e instanceof Programs.Unusable
                        ? RUNTIME + e.getMessage() + ": unknown"
                        : "failed to start container \"" + name() + "\": " + e.getMessage();
        if (log != null) {
            log.follow(InputStream.nullInputStream());
        }
        event("Normal", "Created", "Created container: " + name());
        event("Warning", "Failed", "Error: " + message);
        lastTermination = ContainerStatus.notStarted(message, now);
        process = null;
        starts++;
        if (isWanted()) {
            waiting.startFailed(starts, described(), message, now);
        } else {
            waiting.over();
        }
    }

    private void imageMissing(String image, Instant now) {
        if (!spec.isPulled()) {
            String message =
                    "Container image \"" + image + "\" is not present with pull policy of Never";
            event("Warning", "ErrImageNeverPull", message);
            event("Warning", "Failed", "Error: ErrImageNeverPull");
            waiting.refused("ErrImageNeverPull", message, now);
            return;
        }
        String message =
                "image \""
                        + image
                        + "\" is not in this cluster's catalogue: an experiment's `images:` says what an image name stands for";
        event("Normal", "Pulling", "Pulling image \"" + image + "\"");
        event("Warning", "Failed", "Failed to pull image \"" + image + "\": " + message);
        event("Warning", "Failed", "Error: ErrImagePull");
        waiting.pullFailed(message, now);
    }

    synchronized boolean isRunning() {
        ContainerProcess current = process;
        return current != null && current.isAlive();
    }

    /** Notes that the process has ended, if it has; true where that is news. */
    synchronized boolean noteExit() {
        ContainerProcess ended = process;
        if (ended == null || ended.isAlive()) {
            return false;
        }
        Instant now = context.clock().instant();
        ObjectNode termination = ContainerStatus.terminated(ended, now);
        cpuOfEarlierLives += ended.group().usage().cpuSeconds();
        ended.group().close();
        lastTermination = withMessage(termination, ended.exitCode() != 0);
        process = null;
        settled = false;
        ready = false;
        started = false;
        waiting.lived(Duration.between(ended.startedAt(), now));
        if (isWanted()) {
            waiting.crashed(starts, described(), now);
        }
        return true;
    }

    private ObjectNode withMessage(ObjectNode termination, boolean failed) {
        if (message != null && log != null) {
            String told = message.read(failed, log);
            if (!told.isEmpty()) {
                termination.put("message", told);
            }
        }
        return termination;
    }

    /** When it may be started (again). */
    synchronized Instant notBefore() {
        return waiting.notBefore();
    }

    synchronized boolean hasEverStarted() {
        return starts > (process != null && !settled ? 1 : 0);
    }

    synchronized boolean hasSucceeded() {
        return process == null
                && lastTermination != null
                && lastTermination.path("exitCode").asInt(1) == 0;
    }

    synchronized boolean hasEnded() {
        return process == null && lastTermination != null;
    }

    /** It is not to be tried yet: says so, where there is something to say. */
    synchronized void backingOff() {
        if (waiting.hasJustFailedToStart()) {
            waiting.backsOffStarting();
        }
        if (waiting.isAfterCrashes()) {
            event(
                    "Warning",
                    "BackOff",
                    "Back-off restarting failed container " + name() + " in pod " + spec.podId());
        } else if (waiting.hasJustFailedToPull()) {
            String image = spec.image();
            event("Normal", "BackOff", "Back-off pulling image \"" + image + "\"");
            event("Warning", "Failed", "Error: ImagePullBackOff");
            waiting.backsOffPulling(image);
        }
    }

    /** Whether it is about to be told that it waits. */
    synchronized boolean hasJustFailed() {
        return waiting.hasJustFailedToPull() || waiting.hasJustFailedToStart();
    }

    private String described() {
        return "container=" + name() + " pod=" + spec.podId();
    }

    synchronized void setReady(boolean value) {
        if (ready != value) {
            ready = value;
            changed.run();
        }
    }

    synchronized void setStarted() {
        if (!started) {
            started = true;
            ready = !spec.hasProbe("readinessProbe");
            changed.run();
        }
    }

    synchronized boolean isReady() {
        return ready && isRunning();
    }

    synchronized boolean isStarted() {
        return started && isRunning();
    }

    synchronized @Nullable ContainerProcess process() {
        return process;
    }

    /** Of its life, or of the one before; while it waits for another one, the last is both. */
    synchronized @Nullable LogFile log(boolean previous) {
        boolean waits = process == null && !waiting.isOver();
        return previous && !waits ? previousLog : log;
    }

    /** What it has used in all its lives; null while it does not run. */
    synchronized Limits.@Nullable Usage usage() {
        ContainerProcess current = process;
        if (current == null) {
            return null;
        }
        Limits.Usage now = current.group().usage();
        return new Limits.Usage(
                now.cpuSeconds() + cpuOfEarlierLives,
                now.periods(),
                now.throttled(),
                now.throttledSeconds(),
                now.waitSeconds(),
                now.memoryBytes());
    }

    /** Of {@code status.containerStatuses}. */
    synchronized ObjectNode status(boolean podIsStopping) {
        ObjectNode state = Trees.object();
        ContainerProcess current = process;
        ObjectNode last = lastTermination;
        if (current != null && (settled || podIsStopping)) {
            state.putObject("running").put("startedAt", Trees.time(current.startedAt()));
        } else if (current == null && last != null && (podIsStopping || waiting.isOver())) {
            state.set("terminated", last);
            last = null;
        } else {
            waiting.write(state.putObject("waiting"));
        }
        // An init container that has done its work is ready.
        boolean isReady = isReady() || (!spec.isMain() && !isSidecar() && hasSucceeded());
        ObjectNode status =
                ContainerStatus.of(
                        spec, state, last, isReady, isStarted(), Math.max(0, starts - 1));
        String id =
                current != null
                        ? ContainerStatus.id(current)
                        : lastTermination != null ? Trees.text(lastTermination, "containerID") : "";
        if (!id.isEmpty()) {
            status.put("containerID", id);
        }
        return status;
    }
}
