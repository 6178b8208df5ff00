package dev.headroom.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An image's tarball, taken apart by tar as a container runtime does it.
 *
 * @param root its root folder
 * @param config what the image says of itself
 * @param name under which it is in the tarball
 */
record Unpacked(Path root, JsonNode config, String name) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Into a new folder. */
    static Unpacked of(Path tarball, Path folder) throws IOException, InterruptedException {
        Path layers = Files.createDirectories(folder.resolve("layers"));
        Path root = Files.createDirectories(folder.resolve("root"));
        tar(folder, "-xf", tarball.toString(), "-C", layers.toString());
        JsonNode manifest = JSON.readTree(layers.resolve("manifest.json").toFile()).get(0);
        for (JsonNode layer : manifest.path("Layers")) {
            String file = layers.resolve(layer.stringValue()).toString();
            tar(folder, "-xzf", file, "-C", root.toString());
        }
        return new Unpacked(
                root,
                JSON.readTree(layers.resolve(manifest.path("Config").stringValue()).toFile()),
                manifest.path("RepoTags").get(0).stringValue());
    }

    private static void tar(Path folder, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tar", "--warning=no-unknown-keyword"));
        command.addAll(List.of(arguments));
        Repository.run(folder, Map.of(), command);
    }

    /** How the container starts: user, entry point, environment. */
    JsonNode how() {
        return config.path("config");
    }

    List<String> entryPoint() {
        return words(how().path("Entrypoint"));
    }

    static List<String> words(JsonNode array) {
        return array.valueStream().map(JsonNode::stringValue).toList();
    }

    /** Every file and folder of the root but the root itself. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> !f.equals(root)).toList();
        }
    }

    /** Whether this user may do what a container runtime does. */
    static boolean mayContain() {
        return System.getProperty("user.name").equals("root");
    }

    /**
     * A command line in the image's root, as its user, in its own mount namespace, with a /proc and a /dev/null.
     *
     * @param folder where it starts, a path in the image
     */
    List<String> contained(String folder, List<String> command) throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Path none = Files.createDirectories(root.resolve("dev")).resolve("null");
        if (!Files.exists(none)) {
            Files.createFile(none);
        }
        String script =
                "mount -t proc proc \"$0/proc\" && mount --bind /dev/null \"$0/dev/null\" && exec unshare --root=\"$0\" --wd="
                        + folder
                        + " --setgid=65532 --setuid=65532 \"$@\"";
        List<String> contained =
                new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script, root.toString()));
        contained.addAll(command);
        return contained;
    }
}
