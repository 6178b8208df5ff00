package dev.headroom.delivery;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * An image made of nothing but a folder. The folder's file {@code image} says the rest, a line each: {@code layer NAME DIRECTORY…}, {@code user}, {@code port}, {@code label KEY VALUE},
 * {@code entrypoint WORD…}. All times are the same and files are in order, so that the same folder always gives the same digest.
 */
record RootImage(Path folder, String architecture) {
    /** What Jib gives to all files by default; the start-up cache wants the jar's time as it was when it was made. */
    private static final Instant TIME = Instant.ofEpochSecond(1);

    /** User and password; the user is empty where there is none. */
    record Login(String user, String password) {
        static final Login NONE = new Login("", "");
    }

    JibContainer toTarball(Path file, String name)
            throws InvalidImageReferenceException,
                    IOException,
                    InterruptedException,
                    ExecutionException,
                    RegistryException,
                    CacheDirectoryCreationException {
        Containerizer to = Containerizer.to(TarImage.at(file).named(name));
        return builder().containerize(settings(to));
    }

    JibContainer toRegistry(String name, Login login)
            throws InvalidImageReferenceException,
                    IOException,
                    InterruptedException,
                    ExecutionException,
                    RegistryException,
                    CacheDirectoryCreationException {
        RegistryImage image = RegistryImage.named(name);
        if (!login.user().isEmpty()) {
            image.addCredential(login.user(), login.password());
        }
        // A certificate of its own making is for a registry on this machine only.
        boolean here = name.startsWith("localhost:") || name.startsWith("127.0.0.1:");
        Containerizer to = settings(Containerizer.to(image)).setAllowInsecureRegistries(here);
        return builder().setFormat(ImageFormat.OCI).containerize(to);
    }

    private Containerizer settings(Containerizer to) {
        Path cache = folder.resolveSibling("cache");
        return to.setBaseImageLayersCache(cache.resolve("base"))
                .setApplicationLayersCache(cache.resolve("layers"))
                .setToolName("headroom");
    }

    private JibContainerBuilder builder() throws IOException {
        JibContainerBuilder image =
                Jib.fromScratch()
                        .setPlatforms(Set.of(new Platform(architecture, "linux")))
                        .setCreationTime(TIME);
        Map<String, String> labels = new TreeMap<>();
        List<FileEntriesLayer> layers = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolveSibling("image.txt"))) {
            List<String> words = List.of(line.strip().split(" +"));
            List<String> rest = words.subList(1, words.size());
            switch (words.getFirst()) {
                case "layer" -> layers.add(layer(rest));
                case "user" -> image.setUser(rest.getFirst());
                case "port" -> image.addExposedPort(Port.tcp(Integer.parseInt(rest.getFirst())));
                case "directory" ->
                        image.setWorkingDirectory(AbsoluteUnixPath.get(rest.getFirst()));
                case "label" ->
                        labels.put(rest.getFirst(), String.join(" ", rest.subList(1, rest.size())));
                case "environment" -> image.addEnvironmentVariable(rest.getFirst(), rest.get(1));
                case "entrypoint" -> image.setEntrypoint(rest);
                default -> throw new IOException("image.txt: unknown line: " + line);
            }
        }
        return image.setLabels(labels).setFileEntriesLayers(layers);
    }

    private FileEntriesLayer layer(List<String> words) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(words.getFirst());
        Map<String, Path> entries = new TreeMap<>();
        for (String part : words.subList(1, words.size())) {
            try (Stream<Path> files = Files.walk(folder.resolve(part))) {
                files.forEach(f -> entries.put("/" + folder.relativize(f), f));
            }
        }
        for (Map.Entry<String, Path> entry : entries.entrySet()) {
            boolean open =
                    Files.isDirectory(entry.getValue()) || Files.isExecutable(entry.getValue());
            boolean forAll = entry.getKey().equals("/tmp");
            String mode = forAll ? "777" : open ? "755" : "644";
            layer.addEntry(
                    entry.getValue(),
                    AbsoluteUnixPath.get(entry.getKey()),
                    FilePermissions.fromOctalString(mode),
                    TIME);
        }
        return layer.build();
    }
}
