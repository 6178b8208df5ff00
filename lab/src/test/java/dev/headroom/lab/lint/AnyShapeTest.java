package dev.headroom.lab.lint;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.experiment.Manifests;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whatever single value of a manifest is missing or of another type: the rules say what they say, and none fails over it. */
class AnyShapeTest {
    private static final List<JsonNode> SHAPES =
            List.of(
                    JsonNodeFactory.instance.nullNode(),
                    JsonNodeFactory.instance.stringNode("what"),
                    JsonNodeFactory.instance.numberNode(-1),
                    JsonNodeFactory.instance.arrayNode().add("x"),
                    JsonNodeFactory.instance.objectNode().put("a", "b"));

    @ParameterizedTest
    @MethodSource("dev.headroom.lab.lint.CorpusTest#files")
    void noRuleFails(Path file) throws Exception {
        List<Manifest> all = Manifests.read(List.of(file)).all();
        for (Manifest manifest : all) {
            change(manifest.object(), all, file);
        }
    }

    private static void change(JsonNode node, List<Manifest> all, Path file) {
        if (node instanceof ObjectNode object) {
            for (String key : List.copyOf(object.propertyNames())) {
                JsonNode was = object.get(key);
                for (JsonNode shape : SHAPES) {
                    object.set(key, shape);
                    lint(all, file, key, shape);
                }
                object.set(key, was);
                change(was, all, file);
            }
        } else if (node instanceof ArrayNode array && !array.isEmpty()) {
            JsonNode was = array.get(0);
            for (JsonNode shape : SHAPES) {
                array.set(0, shape);
                lint(all, file, "[0]", shape);
            }
            array.set(0, was);
            change(was, all, file);
        }
    }

    private static void lint(List<Manifest> all, Path file, String key, JsonNode shape) {
        assertThatCode(() -> Linter.lint(World.ofManifests(all)))
                .as("%s: %s is %s", file, key, shape)
                .doesNotThrowAnyException();
    }
}
