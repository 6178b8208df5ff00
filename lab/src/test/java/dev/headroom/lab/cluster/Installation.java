package dev.headroom.lab.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program as it was packaged, copied to where nothing can be built and everybody may read, under a path that shells and URLs find hard.
 * It has a folder for temporary files, a runtime folder and a home of its own, so that whatever is left there is its own.
 */
final class Installation implements AutoCloseable {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    final Path base;
    final Path home;

    private Installation(Path base) {
        this.base = base;
        this.home = base.resolve("Kopfraum für alle");
    }

    static Installation make() throws IOException {
        Installation made = new Installation(Files.createTempDirectory("headroom-it"));
        Files.setPosixFilePermissions(made.base, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String file : List.of("headroom", ".mvn/find-jdk.sh", "iris-api/serve")) {
            made.copy(file);
        }
        try (Stream<Path> jars = Files.list(PROJECT.resolve("lab/target/program"))) {
            for (Path jar : jars.toList()) {
                made.copy(PROJECT.relativize(jar).toString());
            }
        }
        return made;
    }

    private void copy(String file) throws IOException {
        Path target = home.resolve(file);
        Files.createDirectories(target.getParent());
        Files.copy(PROJECT.resolve(file), target, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** A folder for one user of the installation. */
    Path room(String user) throws IOException {
        return Files.createDirectories(base.resolve(user));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(base)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
