package dev.headroom.iris.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headroom.iris.api.http.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launch script, in an installation that holds what was built and nothing to build from, as an image does. */
@Timeout(120)
class ServeIT {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir private Path temporary = Path.of("");
    private Path home = Path.of("");
    private Path serve = Path.of("");

    @BeforeEach
    void install() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no POSIX shell at /bin/sh");
        home = temporary.resolve("a path with ünïcode");
        Path ready = Files.createDirectories(home.resolve("iris-api/target/serve"));
        Files.copy(Program.JAR, ready.resolve("iris-api.jar"));
        Files.createDirectories(home.resolve(".mvn"));
        Files.copy(PROJECT.resolve(".mvn/find-jdk.sh"), home.resolve(".mvn/find-jdk.sh"));
        serve = home.resolve("iris-api/serve");
        Files.copy(PROJECT.resolve("iris-api/serve"), serve);
        Files.setPosixFilePermissions(serve, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Program start(Map<String, String> environment) throws IOException {
        return Program.start(List.of(serve.toString()), environment);
    }

    private static void check(InetSocketAddress address) throws IOException {
        try (Wire wire = new Wire(address)) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(wire.answer().body())
                    .isEqualTo("{\"status\":\"ok\",\"model_status\":\"loaded\"}");
        }
    }

    @Test
    void isTheProcessThatServesAndEndsWithZero() throws Exception {
        try (Program program = start(Map.of("SHUTDOWN_DELAY", "0"))) {
            check(program.address());
            program.terminate();
            assertThat(program.rest()).isEmpty();
            assertThat(program.exitCode()).isZero();
        }
    }

    @Test
    void manyStartAtOnceInAFolderThatCantBeWritten() throws Exception {
        for (Path part :
                List.of(
                        home.resolve("iris-api/target/serve"),
                        home.resolve("iris-api/target"),
                        home.resolve("iris-api"),
                        home)) {
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        List<Program> programs = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                programs.add(start(Map.of()));
            }
            for (Program program : programs) {
                check(program.address());
            }
        } finally {
            programs.forEach(Program::close);
            for (Path part :
                    List.of(
                            home,
                            home.resolve("iris-api"),
                            home.resolve("iris-api/target"),
                            home.resolve("iris-api/target/serve"))) {
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    @Test
    void aDamagedStartUpCacheIsPassedOver() throws Exception {
        Files.writeString(home.resolve("iris-api/target/serve/iris-api.aot"), "no cache at all");
        try (Program program = start(Map.of())) {
            check(program.address());
        }
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        Path jar = home.resolve("iris-api/target/serve/iris-api.jar");
        Files.delete(jar);
        try (Program program = start(Map.of("HEADROOM_BUILD", "no"))) {
            assertThat(program.rest()).startsWith("iris-api: " + jar + " is not there");
            assertThat(program.exitCode()).isEqualTo(4);
        }
    }

    @Test
    void anUnknownArgumentIsNamed() throws Exception {
        try (Program program = Program.start(List.of(serve.toString(), "--fast"), Map.of())) {
            assertThat(program.rest()).startsWith("iris-api: unknown argument --fast");
            assertThat(program.exitCode()).isEqualTo(2);
        }
    }
}
