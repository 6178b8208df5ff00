package dev.headroom.iris.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of a model file that is cut, altered or something else: a message that names the file, never a wrong tree without end. */
class DamagedModelTest {
    private final byte[] model =
            Files.readAllBytes(Path.of("..", "iris-training", "target", "iris.onnx"));

    DamagedModelTest() throws IOException {}

    @Test
    void everyCutIsFound() {
        for (int length = 0; length < model.length; length++) {
            byte[] cut = Arrays.copyOf(model, length);
            assertThatThrownBy(() -> OnnxTreeReader.read(cut, "iris.onnx"))
                    .as("cut to %d bytes", cut.length)
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("iris.onnx: ");
        }
    }

    @Test
    void alteredBytesAreRefusedOrStillATree() {
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] altered = model.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                altered[random.nextInt(altered.length)] = (byte) random.nextInt(256);
            }
            try {
                DecisionTree tree = OnnxTreeReader.read(altered, "iris.onnx");
                for (int row = 0; row < 10; row++) {
                    float[] features = new float[tree.featureNames().size()];
                    for (int k = 0; k < features.length; k++) {
                        features[k] = random.nextFloat(8);
                    }
                    assertThat(tree.leafOf(features)).isBetween(0, tree.leafCount() - 1);
                }
            } catch (ModelException e) {
                refused++;
                assertThat(e).hasMessageStartingWith("iris.onnx: ");
            }
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    @Test
    void somethingElseIsNoModel() {
        assertThatThrownBy(() -> OnnxTreeReader.read(new byte[0], "m"))
                .hasMessage("m: byte 0: the file is empty");
        byte[] text = "{\"tree\": 1}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> OnnxTreeReader.read(text, "m"))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("m: ");
    }

    @Test
    void anotherOperatorIsNamed() {
        byte[] other = replaced("TreeEnsembleClassifier", "TreeEnsembleRegressors");
        assertThatThrownBy(() -> OnnxTreeReader.read(other, "m"))
                .hasMessageContaining("ai.onnx.ml.TreeEnsembleRegressors is not supported");
        byte[] mode = replaced("BRANCH_LEQ", "BRANCH_XYZ");
        assertThatThrownBy(() -> OnnxTreeReader.read(mode, "m"))
                .hasMessageContaining("nodes_modes[0] is BRANCH_XYZ");
        byte[] names = replaced("feature_names", "feature_gnomes".substring(0, 13));
        assertThatThrownBy(() -> OnnxTreeReader.read(names, "m"))
                .hasMessageContaining("feature_names is missing");
    }

    private byte[] replaced(String text, String by) {
        String latin = new String(model, StandardCharsets.ISO_8859_1);
        assertThat(latin).contains(text);
        return latin.replace(text, by).getBytes(StandardCharsets.ISO_8859_1);
    }
}
