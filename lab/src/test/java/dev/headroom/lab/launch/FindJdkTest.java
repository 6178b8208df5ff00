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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void theJdkOfThePathIsTakenButNoOlderOne() throws Exception {
        Path old = unpackedJdk(temporary.resolve("old"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        Path right = unpackedJdk(temporary.resolve("right one"));
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        Map<String, String> search = Map.of("HEADROOM_JDK_SEARCH", "yes");

        assertThat(find(search, "PATH", right + "/bin:" + path).output())
                .isEqualTo(right.toString());
        assertThat(find(search, "PATH", old + "/bin:" + path).output())
                .isNotEqualTo(old.toString());
    }

    @Test
    void theJdkOfTheBuildComesBeforeThoseOfThePathWhileItIsThere() throws Exception {
        Path built = unpackedJdk(temporary.resolve("built by"));
        Path other = unpackedJdk(temporary.resolve("other"));
        String path = other + "/bin:" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        Map<String, String> search =
                Map.of("HEADROOM_JDK_SEARCH", "yes", "headroom_built_by", built.toString());
        assertThat(find(search, "PATH", path).output()).isEqualTo(built.toString());
        Files.writeString(built.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        assertThat(find(search, "PATH", path).output()).isEqualTo(other.toString());
    }

    /** Debian's alternatives and the like: javac on the path is a link to a link. */
    @Test
    void aLinkOnThePathIsFollowed() throws Exception {
        Path right = unpackedJdk(temporary.resolve("right one"));
        Path bin = Files.createDirectory(temporary.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("javac"), right.resolve("bin/javac"));
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");

        assertThat(find(Map.of("HEADROOM_JDK_SEARCH", "yes"), "PATH", bin + ":" + path).output())
                .isEqualTo(right.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, x86_64, x64_linux",
        "Linux, aarch64, aarch64_linux",
        "Darwin, x86_64, x64_mac",
        "Darwin, arm64, aarch64_mac"
    })
    void fetchesWhatFitsTheMachine(String system, String machine, String name) throws Exception {
        assumeTrue(
                !Files.exists(Path.of("/lib/ld-musl-" + machine + ".so.1")),
                "the C library of this machine is musl");
        if (system.equals("Darwin")) {
            archive = archive("Contents/Home");
        }
        String checksum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));

        Outcome outcome =
                find(
                        Map.of("HEADROOM_JDK_SHA256", checksum),
                        "PATH",
                        machine(system, machine) + ":" + System.getenv("PATH"));

        assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
        assertThat(fetched)
                .containsExactly(
                        "/jdk-25.0.4%2B7/OpenJDK25U-jdk_" + name + "_hotspot_25.0.4_7.tar.gz");
        assertThat(Path.of(outcome.output(), "bin/javac")).isExecutable();
    }

    @Test
    void aMachineForWhichNoneIsPinned() throws Exception {
        Outcome outcome =
                find(Map.of(), "PATH", machine("FreeBSD", "amd64") + ":" + System.getenv("PATH"));

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.errors())
                .isEqualTo(
                        "headroom: no JDK 25 found, and none is pinned for FreeBSD; install one or set JAVA_HOME\n");
        assertThat(fetched).isEmpty();
    }

    /** A folder whose {@code uname} tells of another machine. */
    private Path machine(String system, String machine) throws IOException {
        Path bin = Files.createDirectories(temporary.resolve("bin-" + system + machine));
        Path uname = bin.resolve("uname");
        Files.writeString(
                uname,
                "#!/bin/sh\ncase $1 in -s) echo %s ;; *) echo %s ;; esac\n"
                        .formatted(system, machine));
        assertThat(uname.toFile().setExecutable(true)).isTrue();
        return bin;
    }

    private Outcome find(Map<String, String> environment, String name, String value)
            throws IOException, InterruptedException {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return find(more);
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
        return archive("");
    }

    /**
     * @param inside where the JDK stands in the archive's one folder; macOS has it deeper
     */
    private byte[] archive(String inside) throws IOException, InterruptedException {
        Path parent = Files.createDirectories(temporary.resolve("to pack " + inside.length()));
        unpackedJdk(parent.resolve("jdk-25.0.4+7").resolve(inside));
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
