package dev.headroom.cluster.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The images that are there: those that ship with Headroom, and those that an experiment brings. */
public final class Catalogue {
    /** As k8s/deployment.yaml names it. With its tag: one that was never made is not there, here as anywhere. */
    private static final String IRIS_API = "ghcr.io/headroom-dev/iris-api:0.1.0";

    private final Map<String, ImageEntry> entries = new LinkedHashMap<>();

    /**
     * The catalogue of an installation.
     *
     * @param home the project's folder, in which the shipped services stand
     * @param further image names of an experiment, with or without tag; they come first
     */
    public Catalogue(Path home, Map<String, ImageEntry> further) {
        entries.putAll(further);
        Path iris = home.resolve("iris-api");
        if (Files.isExecutable(iris.resolve("serve"))) {
            entries.putIfAbsent(
                    IRIS_API,
                    new ImageEntry(List.of(iris.resolve("serve").toString()), iris, Map.of()));
        }
    }

    /** The entry for exactly this name, or for the name without its digest, or without its tag. */
    public Optional<ImageEntry> find(String image) {
        String plain = image.replaceFirst("@.*$", "");
        String untagged = plain.replaceFirst(":[^/:]*$", "");
        for (String name : List.of(image, plain, untagged)) {
            ImageEntry entry = entries.get(name);
            if (entry != null) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }
}
