package dev.headroom.cluster.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an image name stands for.
 *
 * @param command program and arguments; {@code $(NAME)} is replaced by the container's variable NAME, as in a manifest
 * @param directory where it is started
 * @param environment variables that the image brings, as ENV in a Dockerfile; the manifest's come after them
 */
public record ImageEntry(List<String> command, Path directory, Map<String, String> environment) {
    public ImageEntry {
        if (command.isEmpty()) {
            throw new IllegalArgumentException(
                    "an image's command is empty: give program and arguments");
        }
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
