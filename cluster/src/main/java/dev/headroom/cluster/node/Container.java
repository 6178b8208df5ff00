package dev.headroom.cluster.node;

import dev.headroom.cluster.image.ImageEntry;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Quantities;
import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
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
    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(10);
    private static final Duration LAST_BACK_OFF = Duration.ofMinutes(5);
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

    private final JsonNode pod;
    private final JsonNode spec;
    private final NodeContext context;
    private final String podIp;
    private final Path directory;
    private final Volumes volumes;
    private final Runnable changed;
    private @Nullable ContainerProcess process;
    private @Nullable LogFile log;
    private @Nullable LogFile previousLog;
    private @Nullable ObjectNode lastTermination;
    private String waitingReason;
    private String waitingMessage = "";
    private int starts;
    private Duration backOff = FIRST_BACK_OFF;
    private Duration pullBackOff = FIRST_BACK_OFF;
    private Instant notBefore = Instant.MIN;
    private boolean settled;
    private boolean ready;
    private boolean started;
    private boolean everStarted;
    private double cpuOfEarlierLives;
    private final boolean isMain;

    Container(
            JsonNode pod,
            JsonNode spec,
            NodeContext context,
            String podIp,
            Path directory,
            Volumes volumes,
            Runnable changed) {
        this.pod = pod;
        this.spec = spec;
        this.context = context;
        this.podIp = podIp;
        this.directory = directory;
        this.volumes = volumes;
        this.changed = changed;
        this.isMain = pod.path("spec").path("containers").valueStream().anyMatch(c -> c == spec);
        boolean afterOthers = isMain && !pod.path("spec").path("initContainers").isEmpty();
        this.waitingReason = afterOthers ? "PodInitializing" : "ContainerCreating";
    }

    String name() {
        return Trees.text(spec, "name");
    }

    JsonNode spec() {
        return spec;
    }

    /** An init container that goes on running beside the others. */
    boolean isSidecar() {
        return Trees.text(spec, "restartPolicy").equals("Always");
    }

    /** Whether and when it is started again after its end: Always, OnFailure or Never. */
    private String restartPolicy() {
        String policy = pod.path("spec").path("restartPolicy").asString("Always");
        return isSidecar() ? "Always" : !isMain && policy.equals("Always") ? "OnFailure" : policy;
    }

    /** Whether it is to be started, for the first time or again. */
    synchronized boolean isWanted() {
        return process == null
                && switch (restartPolicy()) {
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

    String fieldPath() {
        return (isMain ? "spec.containers{" : "spec.initContainers{") + name() + "}";
    }

    EventRecorder events() {
        return context.events();
    }

    /** Tries to start it; where that cannot be, it waits with the reason and is tried again after {@link #notBefore}. */
    synchronized void start() {
        Instant now = context.clock().instant();
        String image = Trees.text(spec, "image");
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
                                    spec,
                                    entry.get().environment(),
                                    podIp,
                                    context.hostIp(),
                                    context.state().id());
        } catch (Variables.Missing e) {
            waiting("CreateContainerConfigError", String.valueOf(e.getMessage()));
            event("Warning", "Failed", "Error: " + e.getMessage());
            notBefore = now.plus(FIRST_BACK_OFF);
            return;
        }
        if (!everStarted) {
            event(
                    "Normal",
                    "Pulled",
                    "Container image \"" + image + "\" already present on machine");
        }
        try {
            begin(entry.get(), environment, now);
        } catch (IOException e) {
            couldNotStart(e, now);
        }
    }

    private void begin(ImageEntry image, Map<String, String> environment, Instant now)
            throws IOException {
        String life = name() + "-" + starts;
        Launch launch =
                Launch.of(
                        spec,
                        image,
                        environment,
                        volumes,
                        directory.resolve("mounts").resolve(life));
        Limits.Group group =
                context.limits().create(Trees.uid(pod) + "-" + life, hostCpus(), memoryLimit());
        previousLog = log;
        LogFile output = new LogFile(directory.resolve(life + ".log"), context.clock());
        log = output;
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
        everStarted = true;
        starts++;
        waiting("", "");
        pullBackOff = FIRST_BACK_OFF;
        settled = !Trees.at(spec, "lifecycle", "postStart").isObject();
        started = settled && !spec.has("startupProbe");
        ready = started && !spec.has("readinessProbe");
        event("Normal", "Created", "Created container: " + name());
        event("Normal", "Started", "Started container " + name());
        begun.onExit().thenRun(changed);
    }

    /** Its hook after the start, if it has one, is done; until then nothing is asked of it, and the pod's next container waits. */
    synchronized void settle(ContainerProcess life) {
        if (process == life && !settled) {
            settled = true;
            started = !spec.has("startupProbe");
            ready = started && !spec.has("readinessProbe");
            changed.run();
        }
    }

    synchronized boolean isSettled() {
        return settled;
    }

    void event(String type, String reason, String message) {
        events().record(pod, type, reason, message, fieldPath());
    }

    private void couldNotStart(IOException e, Instant now) {
        String message = "failed to start container \"" + name() + "\": " + e.getMessage();
        event("Warning", "Failed", "Error: " + message);
        lastTermination =
                Trees.object()
                        .put("exitCode", 128)
                        .put("reason", "StartError")
                        .put("message", message)
                        .put("startedAt", Trees.time(now))
                        .put("finishedAt", Trees.time(now));
        process = null;
        starts++;
        waiting("RunContainerError", message);
        crashed(now);
    }

    private void imageMissing(String image, Instant now) {
        if (Trees.text(spec, "imagePullPolicy").equals("Never")) {
            String message =
                    "Container image \"" + image + "\" is not present with pull policy of Never";
            event("Warning", "ErrImageNeverPull", message);
            event("Warning", "Failed", "Error: ErrImageNeverPull");
            waiting("ErrImageNeverPull", message);
            notBefore = now.plus(FIRST_BACK_OFF);
            return;
        }
        String message =
                "image \""
                        + image
                        + "\" is not in this cluster's catalogue: an experiment's `images:` says what an image name stands for";
        event("Normal", "Pulling", "Pulling image \"" + image + "\"");
        event("Warning", "Failed", "Failed to pull image \"" + image + "\": " + message);
        event("Warning", "Failed", "Error: ErrImagePull");
        waiting("ErrImagePull", message);
        notBefore = now.plus(pullBackOff);
        pullBackOff = longer(pullBackOff);
    }

    private static Duration longer(Duration duration) {
        Duration doubled = duration.multipliedBy(2);
        return doubled.compareTo(LAST_BACK_OFF) > 0 ? LAST_BACK_OFF : doubled;
    }

    private void waiting(String reason, String message) {
        waitingReason = reason;
        waitingMessage = message;
    }

    private @Nullable Double hostCpus() {
        JsonNode limit = spec.path("resources").path("limits").path("cpu");
        return limit.isMissingNode()
                ? null
                : Quantities.parse(limit.asString("")).doubleValue() * context.cpuScale();
    }

    private @Nullable Long memoryLimit() {
        JsonNode limit = spec.path("resources").path("limits").path("memory");
        return limit.isMissingNode() ? null : Quantities.parse(limit.asString("")).longValue();
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
        int code = ended.exitCode();
        boolean oom = code == 137 && ended.group().ranOutOfMemory();
        lastTermination =
                Trees.object()
                        .put("exitCode", code)
                        .put("reason", oom ? "OOMKilled" : code == 0 ? "Completed" : "Error")
                        .put("startedAt", Trees.time(ended.startedAt()))
                        .put("finishedAt", Trees.time(now))
                        .put("containerID", "process://" + ended.pid());
        cpuOfEarlierLives += ended.group().usage().cpuSeconds();
        ended.group().close();
        process = null;
        settled = false;
        ready = false;
        started = false;
        if (Duration.between(ended.startedAt(), now).compareTo(FORGIVEN_AFTER) > 0) {
            backOff = FIRST_BACK_OFF;
        }
        if (isWanted()) {
            crashed(now);
        }
        return true;
    }

    /** The first restart is at once; each further one waits, twice as long as the one before. */
    private void crashed(Instant now) {
        if (starts <= 1) {
            notBefore = now;
        } else {
            notBefore = now.plus(backOff);
            waiting(
                    "CrashLoopBackOff",
                    "back-off "
                            + human(backOff)
                            + " restarting failed container="
                            + name()
                            + " pod="
                            + podId());
            backOff = longer(backOff);
        }
    }

    private static String human(Duration duration) {
        long minutes = duration.toMinutes();
        long seconds = duration.toSecondsPart();
        return minutes == 0 ? seconds + "s" : minutes + "m" + seconds + "s";
    }

    /** When it may be started (again). */
    synchronized Instant notBefore() {
        return notBefore;
    }

    synchronized boolean hasEverStarted() {
        return everStarted;
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
        switch (waitingReason) {
            case "CrashLoopBackOff" ->
                    event(
                            "Warning",
                            "BackOff",
                            "Back-off restarting failed container "
                                    + name()
                                    + " in pod "
                                    + podId());
            case "ErrImagePull" -> {
                String image = Trees.text(spec, "image");
                event("Normal", "BackOff", "Back-off pulling image \"" + image + "\"");
                event("Warning", "Failed", "Error: ImagePullBackOff");
                waiting(
                        "ImagePullBackOff",
                        "Back-off pulling image \""
                                + image
                                + "\": ErrImagePull: "
                                + waitingMessage);
            }
            default -> {}
        }
    }

    /** Whether it is about to be told that it waits. */
    synchronized boolean hasJustFailedToPull() {
        return waitingReason.equals("ErrImagePull");
    }

    private String podId() {
        return Trees.name(pod) + "_" + Trees.namespace(pod) + "(" + Trees.uid(pod) + ")";
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
            ready = !spec.has("readinessProbe");
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
        boolean waits = process == null && waitingReason.equals("CrashLoopBackOff");
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
        ObjectNode status = Trees.object().put("name", name());
        ObjectNode state = status.putObject("state");
        ContainerProcess current = process;
        boolean ended = false;
        if (current != null && (settled || podIsStopping)) {
            state.putObject("running").put("startedAt", Trees.time(current.startedAt()));
            status.put("containerID", "process://" + current.pid());
        } else if (current == null
                && lastTermination != null
                && (podIsStopping || waitingReason.isEmpty())) {
            state.set("terminated", lastTermination);
            ended = true;
        } else {
            ObjectNode waiting =
                    state.putObject("waiting")
                            .put(
                                    "reason",
                                    waitingReason.isEmpty() ? "ContainerCreating" : waitingReason);
            if (!waitingMessage.isEmpty()) {
                waiting.put("message", waitingMessage);
            }
        }
        ObjectNode last = status.putObject("lastState");
        if (!ended && lastTermination != null) {
            last.set("terminated", lastTermination);
        }
        // An init container that has done its work is ready.
        status.put("ready", isReady() || (!isMain && !isSidecar() && hasSucceeded()));
        status.put("restartCount", Math.max(0, starts - 1));
        status.put("image", Trees.text(spec, "image"));
        status.put("imageID", "");
        status.put("started", isStarted());
        return status;
    }
}
