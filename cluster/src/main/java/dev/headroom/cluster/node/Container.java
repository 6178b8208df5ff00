package dev.headroom.cluster.node;

import dev.headroom.cluster.image.ImageEntry;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Quantities;
import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private final Runnable changed;
    private @Nullable ContainerProcess process;
    private @Nullable LogFile log;
    private @Nullable LogFile previousLog;
    private Map<String, String> environment = Map.of();
    private Path workingDirectory;
    private @Nullable ObjectNode lastTermination;
    private String waitingReason = "ContainerCreating";
    private String waitingMessage = "";
    private int starts;
    private int restarts;
    private Duration backOff = FIRST_BACK_OFF;
    private Instant notBefore = Instant.MIN;
    private boolean ready;
    private boolean started;
    private boolean everStarted;
    private double cpuOfEarlierLives;

    Container(
            JsonNode pod,
            JsonNode spec,
            NodeContext context,
            String podIp,
            Path directory,
            Runnable changed) {
        this.pod = pod;
        this.spec = spec;
        this.context = context;
        this.podIp = podIp;
        this.directory = directory;
        this.workingDirectory = directory;
        this.changed = changed;
    }

    String name() {
        return Trees.text(spec, "name");
    }

    JsonNode spec() {
        return spec;
    }

    Map<String, String> environment() {
        return environment;
    }

    Path workingDirectory() {
        return workingDirectory;
    }

    String fieldPath() {
        return "spec.containers{" + name() + "}";
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
        try {
            environment =
                    new Variables(context.objects())
                            .of(
                                    pod,
                                    spec,
                                    entry.get().environment(),
                                    podIp,
                                    context.hostIp(),
                                    context.state().id());
        } catch (Variables.Missing e) {
            waiting("CreateContainerConfigError", String.valueOf(e.getMessage()));
            events().record(pod, "Warning", "Failed", "Error: " + e.getMessage(), fieldPath());
            notBefore = now.plus(FIRST_BACK_OFF);
            return;
        }
        if (!everStarted) {
            events().record(
                            pod,
                            "Normal",
                            "Pulled",
                            "Container image \"" + image + "\" already present on machine",
                            fieldPath());
        }
        Limits.Group group = null;
        try {
            workingDirectory =
                    Trees.text(spec, "workingDir").isEmpty()
                            ? entry.get().directory()
                            : Path.of(Trees.text(spec, "workingDir"));
            group =
                    context.limits()
                            .create(
                                    Trees.uid(pod) + "-" + name() + "-" + restarts,
                                    hostCpus(),
                                    memoryLimit());
            previousLog = log;
            log = new LogFile(directory.resolve(name() + "-" + restarts + ".log"), context.clock());
            process =
                    ContainerProcess.start(
                            context.state().path(),
                            command(entry.get()),
                            workingDirectory,
                            environment,
                            group,
                            log,
                            now);
        } catch (IOException e) {
            if (group != null) {
                group.close();
            }
            couldNotStart(e, now);
            return;
        }
        everStarted = true;
        starts++;
        ready = !spec.has("readinessProbe") && !spec.has("startupProbe");
        started = !spec.has("startupProbe");
        events().record(pod, "Normal", "Created", "Created container: " + name(), fieldPath());
        events().record(pod, "Normal", "Started", "Started container " + name(), fieldPath());
        process.onExit().thenRun(changed);
    }

    private void couldNotStart(IOException e, Instant now) {
        String message = "failed to start container \"" + name() + "\": " + e.getMessage();
        events().record(pod, "Warning", "Failed", "Error: " + message, fieldPath());
        lastTermination =
                Trees.object()
                        .put("exitCode", 128)
                        .put("reason", "StartError")
                        .put("message", message)
                        .put("startedAt", Trees.time(now))
                        .put("finishedAt", Trees.time(now));
        process = null;
        crashed(now);
    }

    private void imageMissing(String image, Instant now) {
        String message =
                "image \""
                        + image
                        + "\" is not in this cluster's catalogue: an experiment's `images:` says what an image name stands for";
        if (waitingReason.equals("ErrImagePull") || waitingReason.equals("ImagePullBackOff")) {
            events().record(
                            pod,
                            "Normal",
                            "BackOff",
                            "Back-off pulling image \"" + image + "\"",
                            fieldPath());
            waiting("ImagePullBackOff", "Back-off pulling image \"" + image + "\": " + message);
        } else {
            events().record(
                            pod,
                            "Warning",
                            "Failed",
                            "Failed to pull image \"" + image + "\": " + message,
                            fieldPath());
            events().record(pod, "Warning", "Failed", "Error: ErrImagePull", fieldPath());
            waiting("ErrImagePull", message);
        }
        notBefore = now.plus(backOff);
        backOff = longer(backOff);
    }

    private static Duration longer(Duration duration) {
        Duration doubled = duration.multipliedBy(2);
        return doubled.compareTo(LAST_BACK_OFF) > 0 ? LAST_BACK_OFF : doubled;
    }

    private void waiting(String reason, String message) {
        waitingReason = reason;
        waitingMessage = message;
    }

    private List<String> command(ImageEntry entry) {
        List<String> command = new ArrayList<>();
        if (spec.path("command").isEmpty()) {
            command.addAll(entry.command());
        } else {
            spec.path("command").forEach(part -> command.add(part.asString("")));
        }
        if (!spec.path("args").isEmpty()) {
            spec.path("args").forEach(part -> command.add(part.asString("")));
        }
        List<String> expanded =
                new ArrayList<>(
                        command.stream().map(part -> Variables.expand(part, environment)).toList());
        // A program named by a path is meant within the image's folder.
        Path program = Path.of(expanded.getFirst());
        if (!program.isAbsolute() && program.getNameCount() > 1) {
            expanded.set(0, entry.directory().resolve(program).toString());
        }
        return expanded;
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
        ready = false;
        started = false;
        if (Duration.between(ended.startedAt(), now).compareTo(FORGIVEN_AFTER) > 0) {
            backOff = FIRST_BACK_OFF;
        }
        crashed(now);
        return true;
    }

    /** The first restart is at once; each further one waits, twice as long as the one before. */
    private void crashed(Instant now) {
        if (restarts == 0) {
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
                            + Trees.name(pod)
                            + "_"
                            + Trees.namespace(pod)
                            + "("
                            + Trees.uid(pod)
                            + ")");
            backOff = longer(backOff);
        }
        restarts++;
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

    synchronized void backingOff() {
        if (waitingReason.equals("CrashLoopBackOff")) {
            events().record(
                            pod,
                            "Warning",
                            "BackOff",
                            "Back-off restarting failed container "
                                    + name()
                                    + " in pod "
                                    + Trees.name(pod)
                                    + "_"
                                    + Trees.namespace(pod)
                                    + "("
                                    + Trees.uid(pod)
                                    + ")",
                            fieldPath());
        }
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

    synchronized @Nullable LogFile log(boolean previous) {
        return previous ? previousLog : log;
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
        if (current != null && current.isAlive()) {
            state.putObject("running").put("startedAt", Trees.time(current.startedAt()));
            status.put("containerID", "process://" + current.pid());
            if (lastTermination != null) {
                status.putObject("lastState").set("terminated", lastTermination);
            }
        } else if (lastTermination != null
                && (podIsStopping || !waitingReason.equals("CrashLoopBackOff"))) {
            state.set("terminated", lastTermination);
        } else {
            ObjectNode waiting = state.putObject("waiting").put("reason", waitingReason);
            if (!waitingMessage.isEmpty()) {
                waiting.put("message", waitingMessage);
            }
            if (lastTermination != null) {
                status.putObject("lastState").set("terminated", lastTermination);
            }
        }
        if (!status.has("lastState")) {
            status.putObject("lastState");
        }
        status.put("ready", isReady());
        status.put("restartCount", Math.max(0, starts - 1));
        status.put("image", Trees.text(spec, "image"));
        status.put("imageID", "");
        status.put("started", isStarted());
        return status;
    }
}
