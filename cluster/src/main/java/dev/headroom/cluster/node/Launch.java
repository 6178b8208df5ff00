package dev.headroom.cluster.node;

import dev.headroom.cluster.image.ImageEntry;
import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How one life of a container begins.
 *
 * @param command program and arguments
 * @param directory where it is to run
 * @param volumes what is put at which path
 * @param mounts the script that puts its volumes in place; null where it has none
 */
record Launch(
        List<String> command,
        Path directory,
        Map<String, String> environment,
        List<Mounts.Mount> volumes,
        @Nullable Path mounts) {

    /**
     * By manifest and image.
     *
     * @param message which is to be written at the end
     * @param folder for the script, of this life alone
     * @throws IOException where a volume cannot be put at its path
     */
    static Launch of(
            JsonNode spec,
            ImageEntry image,
            Map<String, String> environment,
            Volumes volumes,
            TerminationMessage message,
            Path folder)
            throws IOException {
        List<String> command = command(spec, image, environment);
        String wanted = Trees.text(spec, "workingDir");
        Path directory = wanted.isEmpty() ? image.directory() : Path.of(wanted);
        List<Mounts.Mount> mounts = volumes.of(spec, environment);
        Mounts.Mount told =
                volumes.areMounted() ? message.mount(command, environment, mounts) : null;
        if (told != null) {
            mounts.add(told);
        }
        Path script =
                mounts.isEmpty()
                        ? null
                        : Mounts.script(
                                folder, mounts, needed(image, command, environment), directory);
        return new Launch(command, directory, environment, List.copyOf(mounts), script);
    }

    private static List<String> command(
            JsonNode spec, ImageEntry image, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        if (spec.path("command").isEmpty()) {
            command.addAll(image.command());
        } else {
            spec.path("command").forEach(part -> command.add(part.asString("")));
        }
        spec.path("args").forEach(part -> command.add(part.asString("")));
        List<String> expanded =
                new ArrayList<>(
                        command.stream().map(part -> Variables.expand(part, environment)).toList());
        // A program named by a path is meant within the image's folder.
        Path program = Path.of(expanded.getFirst());
        if (!program.isAbsolute() && program.getNameCount() > 1) {
            expanded.set(0, image.directory().resolve(program).toString());
        }
        return expanded;
    }

    /** What the image is made of, as far as can be told: its folder, what its command names, the JDK, the folders that programs are looked for in. */
    private static List<Path> needed(
            ImageEntry image, List<String> command, Map<String, String> environment) {
        Set<Path> found = new LinkedHashSet<>();
        found.add(image.directory().normalize());
        List<String> words = new ArrayList<>(command);
        words.add(environment.getOrDefault("JAVA_HOME", ""));
        words.add(environment.getOrDefault("PATH", ""));
        for (String word : words) {
            for (String part : word.split("[:=]", -1)) {
                if (part.startsWith("/") && Files.exists(Path.of(part))) {
                    found.add(Path.of(part).normalize());
                }
            }
        }
        return List.copyOf(found);
    }

    /** Where a process is started that runs there: a folder that only volumes have is not there yet. */
    Path startDirectory() {
        return mounts == null || Files.isDirectory(directory) ? directory : Path.of("/");
    }

    /** Where the host has what the container sees at a path: in a volume of its own, or there. */
    Path source(Path seen) {
        Path found = seen;
        int depth = -1;
        for (Mounts.Mount mount : volumes) {
            int names = mount.target().getNameCount();
            if (seen.startsWith(mount.target()) && names > depth) {
                Path file = mount.source().resolve(mount.target().relativize(seen));
                // What the program is made of is kept where a volume would hide it.
                if (Files.exists(file) || Files.isSymbolicLink(file)) {
                    found = file;
                    depth = names;
                }
            }
        }
        return found;
    }
}
