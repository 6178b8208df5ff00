package dev.headroom.iris.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page at {@code /docs} in a real browser, at desktop and phone width; skipped without Node.js, npm or Chromium. */
class DocsPageTest {
    private static final Path SOURCES = Path.of("src/test/browser");
    private static final Path INSTALLED = Path.of("target/browser");
    private static final long MOST_MINUTES = 5;

    @Test
    void aPredictionCanBeTried() throws IOException, InterruptedException {
        Path node = tool("node");
        Path npm = tool("npm");
        Path chromium =
                Stream.of("chromium", "chromium-browser", "google-chrome")
                        .flatMap(name -> find(name).stream())
                        .findFirst()
                        .orElseGet(() -> tool("chromium"));
        install(npm);
        Path seen = INSTALLED.resolve("seen.json");
        try (Service service = new Service(Map.of())) {
            String origin = "http://127.0.0.1:" + service.http.address().getPort();
            List<String> command =
                    List.of(node.toString(), "docs.mjs", chromium.toString(), origin, ".");
            assertThat(run(command, seen)).as(log()).isTrue();
        }
        JsonNode views = new JsonMapper().readTree(Files.readString(seen));
        for (String view : List.of("desktop", "phone")) {
            check(views.get(view));
        }
        assertThat(views.get("phone").get("violations")).isEmpty();
    }

    private static void check(JsonNode facts) {
        assertThat(facts.get("title").stringValue()).isEqualTo("Iris API");
        assertThat(facts.get("setosa").stringValue()).isEqualTo("setosa");
        assertThat(facts.get("virginica").stringValue()).startsWith("virginica\n").contains(" %");
        assertThat(facts.get("curl").stringValue())
                .contains("\"petal_width\":2.5}", "/predict?probabilities=true");
        assertThat(facts.get("wrong").stringValue())
                .isEqualTo(
                        "422 Unprocessable Content: petal_width is null: expected a number, in centimetres");
        assertThat(facts.get("saidByThePage")).isEmpty();
        assertThat(facts.get("elsewhere")).isEmpty();
        assertThat(facts.get("width").get(1).intValue())
                .isLessThanOrEqualTo(facts.get("width").get(0).intValue());
    }

    /** With the versions and checksums of the lock file, once for each state of it. */
    private static void install(Path npm) throws IOException, InterruptedException {
        Files.createDirectories(INSTALLED);
        Path done = INSTALLED.resolve("installed");
        boolean same = Files.exists(done);
        for (String name : List.of("package.json", "package-lock.json", "docs.mjs")) {
            Path copy = INSTALLED.resolve(name);
            same &=
                    Files.exists(copy)
                            && (name.endsWith(".mjs")
                                    || Files.mismatch(SOURCES.resolve(name), copy) < 0);
            Files.copy(SOURCES.resolve(name), copy, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!same) {
            Files.deleteIfExists(done);
            List<String> command =
                    List.of(npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            assumeTrue(run(command, INSTALLED.resolve("npm.out")), "npm ci failed: " + log());
            Files.createFile(done);
        }
    }

    private static boolean run(List<String> command, Path out)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(INSTALLED.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(INSTALLED.resolve("browser.log").toFile())
                        .start();
        if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }

    private static String log() throws IOException {
        return Files.readString(INSTALLED.resolve("browser.log"));
    }

    private static Path tool(String name) {
        Optional<Path> found = find(name);
        assumeTrue(found.isPresent(), name + " is not on the PATH");
        return found.orElseThrow();
    }

    private static Optional<Path> find(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
