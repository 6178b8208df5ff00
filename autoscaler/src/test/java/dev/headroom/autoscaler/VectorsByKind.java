package dev.headroom.autoscaler;

import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The vectors of {@link VectorTest} for mutation testing, which asks tests again and again: read once, a test for each kind, ended by the first
 * that fails. Worlds are left out: they cost seconds, and what they meet the other kinds meet too. The name keeps it out of a build.
 */
class VectorsByKind {
    private static final Map<String, List<JsonNode>> VECTORS = new LinkedHashMap<>();

    static {
        for (String folder : List.of("/hpa/vectors", "/hpa/oracle")) {
            read(Objects.requireNonNull(VectorsByKind.class.getResource(folder), folder));
        }
    }

    private static void read(URL folder) {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Path.of(folder.toURI()), "*.json")) {
            for (Path file : files) {
                JsonNode root = new JsonMapper().readTree(file);
                for (JsonNode vector : root.path("vectors")) {
                    String kind = vector.path("kind").asString(root.path("kind").asString());
                    VECTORS.computeIfAbsent(kind, k -> new ArrayList<>()).add(vector);
                }
            }
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static void check(String... kinds) {
        for (String kind : kinds) {
            Objects.requireNonNull(VECTORS.get(kind), kind)
                    .forEach(vector -> Vectors.check(kind, vector));
        }
    }

    @Test
    void proposals() {
        check("calc", "utilizationRatio", "usageRatio", "perPodUsage");
    }

    @Test
    void pods() {
        check("groupPods", "podRequests", "selector");
    }

    @Test
    void stabilisation() {
        check("legacyStabilize", "behaviorStabilize");
    }

    @Test
    void limits() {
        check("legacyLimits", "behaviorRate", "rateLimit", "storeEvent");
    }

    @Test
    void passes() {
        check("reconcile");
    }

    @Test
    void specs() {
        check("defaults", "hpaDefaults", "validation");
    }

    @Test
    void texts() {
        check("quantity", "quantityText", "statusQuantity", "age", "targetsColumn");
    }
}
