package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The Iris API's image: built twice, unpacked by tar as a runtime does it, looked at, and run from its own root. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class ImageIT {
    private static final long MOST_BYTES = 60L << 20;

    @TempDir private static Path folder;
    private static BuiltImage built;
    private static Unpacked image;

    @BeforeAll
    static void build() throws Exception {
        built = BuiltImage.by("iris-api/image", folder);
        image = built.unpacked();
        assertThat(image.name()).isEqualTo(nameInManifests());
    }

    private static String nameInManifests() throws IOException {
        return Files.readAllLines(Repository.HOME.resolve("k8s/deployment.yaml")).stream()
                .map(String::strip)
                .filter(l -> l.startsWith("image: "))
                .map(l -> l.substring("image: ".length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSecondBuildGivesTheSameBytes() throws Exception {
        built.assertASecondBuildGivesTheSameBytes();
        assertThat(built.said().strip()).matches(".*@sha256:[0-9a-f]{64}");
    }

    @Test
    void isSmall() throws IOException {
        assertThat(Files.size(built.tarball())).isLessThan(MOST_BYTES);
    }

    @Test
    void runsAsNobodyAndSaysWhatItIs() {
        JsonNode how = image.how();
        assertThat(how.path("User").stringValue()).isEqualTo("65532:65532");
        assertThat(how.path("ExposedPorts").propertyNames()).containsExactly("8000/tcp");
        assertThat(how.path("Labels").path("org.opencontainers.image.title").stringValue())
                .isEqualTo("Iris API");
        assertThat(image.config().path("os").stringValue()).isEqualTo("linux");
        assertThat(image.entryPoint().getFirst()).isEqualTo("/java/bin/java");
    }

    @Test
    void holdsNoShellAndNothingThatCouldBeChanged() throws IOException {
        List<Path> all = image.files();
        assertThat(all)
                .map(f -> f.getFileName().toString())
                .doesNotContain("sh", "bash", "busybox", "apt", "dpkg", "apk", "keytool");
        assertThat(all)
                .filteredOn(ImageIT::writableByOthers)
                .map(f -> image.root().relativize(f).toString())
                .isSubsetOf("tmp", "proc");
    }

    private static boolean writableByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same image, built by a container engine: its Dockerfile says the same of it. */
    @Test
    void theDockerfileSaysTheSame() throws IOException {
        Dockerfile file = Dockerfile.read(Repository.HOME.resolve("iris-api/Dockerfile"));
        file.assertSaysTheSameAs(image.how());
        assertThat(file.rest("EXPOSE ") + "/tcp").isEqualTo("8000/tcp");
    }

    @Test
    void servesFromItsOwnRootAndEndsBySigterm() throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>();
        if (Unpacked.mayContain()) {
            command.addAll(image.contained("/app", image.entryPoint()));
        } else {
            String here = "$1" + image.root() + "$2";
            image.entryPoint()
                    .forEach(w -> command.add(w.replaceFirst("(^|=)(/(java|app)/)", here)));
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(image.root().resolve("app").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("HOST", "127.0.0.1", "PORT", String.valueOf(port)));
        Path output = folder.resolve("server.txt");
        Process server = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            String answer = firstAnswer(server, port, output);
            assertThat(answer).contains("setosa");
            // The start-up cache is in use, which a JVM that can't take it would silently do
            // without.
            String maps = Files.readString(Path.of("/proc", server.pid() + "", "maps"));
            assertThat(maps.contains("/app/iris-api.jsa"))
                    .as("the start-up cache is mapped")
                    .isTrue();
            server.destroy();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isIn(0, 143);
        } finally {
            server.destroyForcibly();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.0.0.1", 0));
            return socket.getLocalPort();
        }
    }

    private static String firstAnswer(Process server, int port, Path output) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/predict"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"sepal_length\":5.1,\"sepal_width\":3.5,\"petal_length\":1.4,\"petal_width\":0.2}"))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
                } catch (IOException notYet) {
                    assertThat(server.isAlive()).as(Files.readString(output)).isTrue();
                    Thread.sleep(20);
                }
            }
        }
    }
}
