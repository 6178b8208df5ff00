package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search for a JDK that the launcher, the wrapper and the model server share, against a mirror of our own. */
class FindJdkTest {
    private static final Path SCRIPT =
            Path.of("..", ".mvn", "find-jdk.sh").toAbsolutePath().normalize();

    @TempDir Path temporary;
    private final List<String> fetched = new CopyOnWriteArrayList<>();
    private HttpServer mirror;
    private byte[] archive = {};
    private Path cache;

    @BeforeEach
    void startMirror() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a POSIX shell");
        cache = Files.createDirectories(temporary.resolve("the cäche of ours"));
        archive = archiveOfAJdk();
        mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror.createContext(
                "/",
                exchange -> {
                    fetched.add(exchange.getRequestURI().getRawPath());
                    exchange.sendResponseHeaders(200, archive.length);
                    exchange.getResponseBody().write(archive);
                    exchange.close();
                });
        mirror.start();
    }

    @AfterEach
    void stopMirror() {
        if (mirror != null) {
            mirror.stop(0);
        }
    }

    @Test
    void fetchesOnceByChecksumAndThenNoMore() throws Exception {
        String checksum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));

        Outcome first = find(Map.of("HEADROOM_JDK_SHA256", checksum));
        Outcome second = find(Map.of());

        assertThat(first.exitCode()).as(first.errors()).isZero();
        assertThat(first.output()).startsWith(cache + "/headroom/jdk-25.0.4+7-");
        assertThat(first.errors()).contains("fetching Eclipse Temurin 25.0.4+7");
        assertThat(second.output()).isEqualTo(first.output());
        assertThat(second.errors()).isEmpty();
        assertThat(fetched)
                .singleElement()
                .asString()
                .startsWith("/jdk-25.0.4%2B7/OpenJDK25U-jdk_");
    }

    @Test
    void whatHasAnotherChecksumIsNotUsedAndNotKept() throws Exception {
        Outcome outcome = find(Map.of());

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.errors())
                .contains("has SHA-256 ")
                .contains(", expected ")
                .contains("it is not used");
        try (var left = Files.list(cache.resolve("headroom"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aMirrorThatDoesNotAnswerIsSaidWithWhatToDo() throws Exception {
        mirror.stop(0);

        Outcome outcome = find(Map.of());

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.errors())
                .contains("could not fetch http://127.0.0.1:")
                .contains(
                        "install a JDK 25, set JAVA_HOME, or name a mirror in HEADROOM_JDK_MIRROR");
    }

    @Test
    void theJdkThatJavaHomeNamesIsTaken() throws Exception {
        Path jdk = unpackedJdk(temporary.resolve("a jdk"));

        Outcome outcome = find(Map.of("JAVA_HOME", jdk.toString()));

        assertThat(outcome.output()).isEqualTo(jdk.toString());
        assertThat(fetched).isEmpty();
    }

    @Test
    void anotherVersionInJavaHomeIsPassedOver() throws Exception {
        Path jdk = unpackedJdk(temporary.resolve("an old one"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");

        Outcome outcome = find(Map.of("JAVA_HOME", jdk.toString()));

        assertThat(outcome.output()).doesNotContain("an old one");
        assertThat(fetched).isNotEmpty();
    }

    private Outcome find(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "/bin/sh", "-euc", ". \"$0\"; printf %s \"$JAVA_HOME\"", SCRIPT.toString());
        Map<String, String> variables = builder.environment();
        variables
                .keySet()
                .removeIf(name -> name.startsWith("HEADROOM_") || name.equals("JAVA_HOME"));
        variables.put("LC_ALL", "C.UTF-8");
        variables.put("XDG_CACHE_HOME", cache.toString());
        variables.put("HEADROOM_JDK_SEARCH", "no");
        variables.put("HEADROOM_JDK_MIRROR", "http://127.0.0.1:" + mirror.getAddress().getPort());
        variables.putAll(environment);
        Path errors = temporary.resolve("errors.txt");
        Process process = builder.redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output, Files.readString(errors));
    }

    private record Outcome(int exitCode, String output, String errors) {}

    /** As much of a JDK as the search looks at. */
    private static Path unpackedJdk(Path directory) throws IOException {
        Path javac = Files.createDirectories(directory.resolve("bin")).resolve("javac");
        Files.writeString(javac, "#!/bin/sh\n");
        assertThat(javac.toFile().setExecutable(true)).isTrue();
        Files.writeString(directory.resolve("release"), "JAVA_VERSION=\"25.0.4\"\n");
        return directory;
    }

    private byte[] archiveOfAJdk() throws IOException, InterruptedException {
        Path parent = Files.createDirectories(temporary.resolve("to pack"));
        unpackedJdk(parent.resolve("jdk-25.0.4+7"));
        Path packed = temporary.resolve("jdk.tar.gz");
        Process tar =
                new ProcessBuilder(
                                "tar",
                                "-czf",
                                packed.toString(),
                                "-C",
                                parent.toString(),
                                "jdk-25.0.4+7")
                        .inheritIO()
                        .start();
        assertThat(tar.waitFor()).isZero();
        return Files.readAllBytes(packed);
    }
}
