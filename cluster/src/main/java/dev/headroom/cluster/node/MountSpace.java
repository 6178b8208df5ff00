package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * By what means a container's processes see volumes at their mount paths: a mount namespace, made as root or in a user namespace of one's
 * own; or none, where the system allows neither.
 */
enum MountSpace {
    ROOT("mount-namespace", List.of("--mount"), List.of()),
    USER(
            "user-namespace",
            List.of("--user", "--map-root-user", "--mount"),
            List.of("--user", "--preserve-credentials")),
    NONE("none", List.of(), List.of());

    private static final int PATIENCE_SECONDS = 5;
    private static final List<Path> FOLDERS =
            Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin").map(Path::of).toList();

    private final String word;
    private final List<String> made;
    private final List<String> entered;

    MountSpace(String word, List<String> made, List<String> entered) {
        this.word = word;
        this.made = made;
        this.entered = entered;
    }

    /** As the node's annotation names it. */
    String word() {
        return word;
    }

    /** The first that works here, or the one that {@code HEADROOM_VOLUMES} names by its word. */
    static MountSpace find(Map<String, String> environment) throws IOException {
        String forced = environment.getOrDefault("HEADROOM_VOLUMES", "");
        for (MountSpace space : values()) {
            if ((forced.isEmpty() || forced.equals(space.word)) && space.works()) {
                return space;
            }
        }
        throw new IOException(
                "HEADROOM_VOLUMES: found "
                        + forced
                        + ", which is not to be had here; the ways to give a pod its volumes are "
                        + String.join(", ", Stream.of(values()).map(MountSpace::word).toList()));
    }

    private boolean works() {
        if (this == NONE) {
            return true;
        }
        if (Stream.of("unshare", "nsenter", "mount", "chroot")
                .anyMatch(name -> program(name).isEmpty())) {
            return false;
        }
        List<String> command = new ArrayList<>(launcher());
        command.addAll(List.of("/bin/sh", "-c", "mount -t tmpfs headroom /tmp"));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What comes before a command that is to have a mount namespace of its own; the process stays the same one. */
    List<String> launcher() {
        List<String> command = new ArrayList<>();
        command.add(path("unshare"));
        command.addAll(made);
        command.add("--");
        return command;
    }

    /** What comes before a command that is to see what a process sees. */
    List<String> entering(long pid) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(path("nsenter"), "--target", Long.toString(pid)));
        command.addAll(entered);
        command.addAll(List.of("--mount", "--root", "--wd", "--"));
        return command;
    }

    /** Where a program of the system stands: a container's PATH need not lead to it. */
    static String path(String program) {
        return program(program).orElse(program);
    }

    private static Optional<String> program(String name) {
        return FOLDERS.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
