package dev.headroom.lab.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The tools that tests measure against; what is missing skips a test. */
public final class Tools {
    private Tools() {}

    static Path wrk() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, "wrk"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("wrk"));
    }

    public static void assumeWrk() {
        Assumptions.assumeTrue(Files.isExecutable(wrk()), "wrk is not on the PATH");
        assumeLinux();
    }

    public static void assumeLinux() {
        Assumptions.assumeTrue(
                Files.isDirectory(Path.of("/proc/self/fd")), "there is no Linux /proc");
    }

    /** A child of this JVM by its program's name. */
    static ProcessHandle child(String name) {
        return ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().orElse("").endsWith("/" + name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no child runs " + name));
    }

    static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
