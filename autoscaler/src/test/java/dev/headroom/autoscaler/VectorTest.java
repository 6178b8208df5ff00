package dev.headroom.autoscaler;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Conformance with the controller of Kubernetes: every vector is a test of its own. {@code -Dhpa.vectors=DIR} runs those of another folder
 * instead; their shape is described in {@code hpa/vectors/SCHEMA.md}.
 */
class VectorTest {
    private static final String SCHEMA = "hpa-vectors/1";
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final AtomicInteger PASSED = new AtomicInteger();
    private static final AtomicInteger FAILED = new AtomicInteger();

    @TestFactory
    Stream<DynamicNode> vectors() throws IOException, URISyntaxException {
        List<Path> files = new ArrayList<>();
        Path folder = folder();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.json")) {
            found.forEach(files::add);
        } catch (IOException e) {
            return Stream.of(failure(folder.toString(), "is no folder that can be read: " + e));
        }
        if (files.isEmpty()) {
            return Stream.of(failure(folder.toString(), "holds no vectors (*.json)"));
        }
        files.sort(null);
        return files.stream().flatMap(VectorTest::tests);
    }

    private static Path folder() throws URISyntaxException {
        String given = System.getProperty("hpa.vectors", "");
        if (!given.isEmpty()) {
            Path path = Path.of(given);
            // Maven runs tests in the module's folder; a relative path is meant from where it was
            // typed.
            String from = System.getProperty("maven.multiModuleProjectDirectory", "");
            return path.isAbsolute() || Files.isDirectory(path) || from.isEmpty()
                    ? path
                    : Path.of(from).resolve(path);
        }
        URI own =
                java.util.Objects.requireNonNull(VectorTest.class.getResource("/hpa/vectors"))
                        .toURI();
        return Path.of(own);
    }

    private static Stream<DynamicNode> tests(Path file) {
        JsonNode root;
        try {
            root = MAPPER.readTree(file);
        } catch (JacksonException e) {
            return Stream.of(failure(file.toString(), "is no JSON: " + e.getOriginalMessage()));
        }
        if (!root.path("schema").asString("").equals(SCHEMA)) {
            return Stream.of(
                    failure(
                            file.toString(),
                            "has schema " + root.path("schema") + ", not " + SCHEMA));
        }
        if (root.path("vectors").isEmpty()) {
            return Stream.of(failure(file.toString(), "holds no vectors"));
        }
        String kind = root.path("kind").asString("");
        return root.path("vectors").valueStream().map(vector -> test(kind, vector));
    }

    private static DynamicNode test(String kind, JsonNode vector) {
        String name = vector.path("id").asString("?") + " " + vector.path("name").asString(kind);
        return counted(name, () -> Vectors.check(kind, vector));
    }

    private static DynamicNode failure(String subject, String problem) {
        return counted(subject, () -> fail(subject + " " + problem));
    }

    private static DynamicNode counted(String name, Runnable check) {
        return DynamicTest.dynamicTest(
                name,
                () -> {
                    boolean passed = false;
                    try {
                        check.run();
                        passed = true;
                    } finally {
                        (passed ? PASSED : FAILED).incrementAndGet();
                    }
                });
    }

    @AfterAll
    static void count() {
        System.out.println(PASSED.get() + " passed, " + FAILED.get() + " failed");
    }
}
