package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A container as it runs: a process that has joined its limits and found its volumes before it became the user's program, in a session of
 * its own so that a terminal's Ctrl-C is not meant for it.
 */
final class ContainerProcess {
    /**
     * In its cluster's folder, with that many control groups: writes its own id into each group, then becomes the program: a JVM must find
     * its limits when it starts. Not where the cluster has ended since it was forked. Where Linux weighs whole sessions against one another (autogroup), a container's gets
     * {@link PodWeight}; niceness counts only within a session there.
     */
    private static final String JOIN =
            StateDirectory.mayStart()
                    + " || exit 125; { echo "
                    + PodWeight.NICENESS
                    + " >/proc/self/autogroup; } 2>/dev/null; n=$2; shift 2; while [ \"$n\" -gt 0 ]; do echo $$ > \"$1/cgroup.procs\" || exit 125; shift; n=$((n - 1)); done; exec \"$@\"";

    private static final int MOUNTING_MILLIS = 10_000;
    private static final long LONGEST_LOOK_MILLIS = 20;

    private final Process process;
    private final Limits.Group group;
    private final Path state;
    private final Launch launch;
    private final MountSpace space;
    private final Instant startedAt;

    private ContainerProcess(
            Process process,
            Limits.Group group,
            Path state,
            Launch launch,
            MountSpace space,
            Instant startedAt) {
        this.process = process;
        this.group = group;
        this.state = state;
        this.launch = launch;
        this.space = space;
        this.startedAt = startedAt;
    }

    /**
     * Starts it.
     *
     * @param state the cluster's folder
     */
    static ContainerProcess start(
            Path state,
            Launch launch,
            MountSpace space,
            Limits.Group group,
            LogFile log,
            Instant now)
            throws IOException {
        List<String> launched = new ArrayList<>(Shell.ownSession());
        launched.addAll(group.launcher());
        launched.addAll(joining(state, group));
        Path mounts = launch.mounts();
        if (mounts != null) {
            launched.addAll(space.launcher());
            launched.addAll(List.of("/bin/sh", mounts.toString()));
        }
        launched.addAll(launch.command());
        ProcessBuilder builder =
                new ProcessBuilder(launched)
                        .directory(launch.startDirectory().toFile())
                        .redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        builder.environment().putAll(group.environment());
        Process process = builder.start();
        group.started(process.pid());
        Thread.ofPlatform()
                .daemon()
                .name("log-" + process.pid())
                .start(() -> log.follow(process.getInputStream()));
        return new ContainerProcess(process, group, state, launch, space, now);
    }

    private static List<String> joining(Path state, Limits.Group group) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "/bin/sh",
                                "-c",
                                JOIN,
                                "sh",
                                state.toString(),
                                Integer.toString(group.joined().size())));
        group.joined().forEach(path -> command.add(path.toString()));
        return command;
    }

    /** A further process for this container, with its limits, its variables, its volumes, in a session of its own. Waits until these are in place. */
    ProcessBuilder beside(List<String> command) {
        List<String> launched = new ArrayList<>(Shell.ownSession());
        launched.addAll(group.besideLauncher());
        launched.addAll(joining(state, group));
        Path mounts = launch.mounts();
        if (mounts != null) {
            awaitProgram();
            launched.addAll(space.entering(pid()));
        }
        launched.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(launched).directory(launch.startDirectory().toFile());
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        builder.environment().putAll(group.environment());
        return builder;
    }

    /** Starts what {@link #beside} has prepared; from then on it counts as the container's. */
    Process start(ProcessBuilder beside) throws IOException {
        Process further = beside.start();
        group.started(further.pid());
        further.onExit().thenRun(() -> group.ended(further.pid()));
        return further;
    }

    /**
     * Until its volumes are in place and it has become the user's program, or has ended: the script's path stands among the process'
     * arguments until then.
     */
    void awaitProgram() {
        Path script = launch.mounts();
        if (script == null) {
            return;
        }
        String folder = java.util.Objects.requireNonNull(script.getParent()).toString();
        Path commandLine = Path.of("/proc/" + pid() + "/cmdline");
        long end = System.nanoTime() + MOUNTING_MILLIS * 1_000_000L;
        try {
            for (long pause = 2;
                    isAlive() && System.nanoTime() < end && isPreparing(commandLine, folder);
                    pause = Math.min(2 * pause, LONGEST_LOOK_MILLIS)) {
                Pause.millis(pause);
            }
        } catch (IOException ended) {
            return;
        }
    }

    /** A process that is about to become another program has no arguments for a moment. */
    private static boolean isPreparing(Path commandLine, String folder) throws IOException {
        String arguments = Text.read(commandLine);
        return arguments.isEmpty() || arguments.contains(folder);
    }

    Instant startedAt() {
        return startedAt;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** As Kubernetes shows it: 128 and the signal's number for one ended by a signal. */
    int exitCode() {
        return process.exitValue();
    }

    /** By its handle: {@link Process#destroy} closes the output too, and a program that has last words would die of a broken pipe. */
    void terminate() {
        process.toHandle().destroy();
    }

    void kill() {
        process.toHandle().destroyForcibly();
        group.kill();
    }

    Limits.Group group() {
        return group;
    }

    Launch launch() {
        return launch;
    }
}
