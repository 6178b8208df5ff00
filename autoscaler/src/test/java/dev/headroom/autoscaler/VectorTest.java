package dev.headroom.autoscaler;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * Conformance with the controller of Kubernetes: every vector is a test of its own. {@code hpa/vectors} were given (their shape is described in
 * {@code SCHEMA.md} there); {@code hpa/oracle} are a sample of what {@code oracle/kinds} asked upstream, and what once differed. {@code
 * -Dhpa.vectors=DIR} runs those of another folder, or one file, instead.
 */
class VectorTest {
    private static final String SCHEMA = "hpa-vectors/1";
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final AtomicInteger PASSED = new AtomicInteger();
    private static final AtomicInteger FAILED = new AtomicInteger();

    @TestFactory
    Stream<DynamicNode> vectors() throws URISyntaxException {
        String given = System.getProperty("hpa.vectors", "");
        if (!given.isEmpty()) {
            return vectors(Path.of(System.getProperty("hpa.from", "")).resolve(given));
        }
        return Stream.concat(vectors(own("/hpa/vectors")), vectors(own("/hpa/oracle")));
    }

    private static Path own(String folder) throws URISyntaxException {
        URL found = Objects.requireNonNull(VectorTest.class.getResource(folder), folder);
        return Path.of(found.toURI());
    }

    private static Stream<DynamicNode> vectors(Path place) {
        if (Files.isRegularFile(place)) {
            return vectorsOf(place);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(place, "*.json")) {
            found.forEach(files::add);
        } catch (IOException e) {
            return Stream.of(failure(place.toString(), "is no folder that can be read: " + e));
        }
        if (files.isEmpty()) {
            return Stream.of(failure(place.toString(), "holds no vectors (*.json)"));
        }
        files.sort(null);
        return files.stream().flatMap(VectorTest::vectorsOf);
    }

    private static Stream<DynamicNode> vectorsOf(Path file) {
        JsonNode root;
        try {
            root = MAPPER.readTree(file);
        } catch (JacksonException e) {
            return Stream.of(failure(file.toString(), "is no JSON: " + e.getOriginalMessage()));
        }
        String schema = root.path("schema").asString("");
        if (!schema.equals(SCHEMA)) {
            return Stream.of(
                    failure(file.toString(), "has schema \"" + schema + "\", not " + SCHEMA));
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

    /** On a line of its own, whatever stood before it. */
    @AfterAll
    static void count() {
        System.out.println(PASSED.get() + " passed, " + FAILED.get() + " failed");
    }
}
