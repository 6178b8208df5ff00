package dev.headroom.iris.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The file that is shipped, read by the server's reader, against what Tribuo itself said at training: of the 150 flowers, of
 * the float32 neighbours of each threshold, of random lengths.
 */
class TribuoAgreementTest {
    private static final Path BUILT = Path.of("..", "iris-training", "target");

    @Test
    void saysOfEveryRowWhatTribuoSays() throws IOException, ModelException {
        DecisionTree tree =
                OnnxTreeReader.read(Files.readAllBytes(BUILT.resolve("iris.onnx")), "iris.onnx");
        assertThat(tree.featureNames())
                .containsExactly("sepal_length", "sepal_width", "petal_length", "petal_width");
        List<String> lines = Files.readAllLines(BUILT.resolve("iris-expected.csv"));
        assertThat(lines).hasSizeGreaterThan(5_150);
        List<String> wrong = new ArrayList<>();
        for (String line : lines) {
            String[] cells = line.split(",", -1);
            float[] row = new float[4];
            for (int i = 0; i < row.length; i++) {
                row[i] = Float.parseFloat(cells[i]);
            }
            String said = tree.classNames().get(tree.classOf(tree.leafOf(row)));
            if (!said.equals(cells[4])) {
                wrong.add(line + " but " + said);
            }
        }
        assertThat(wrong).isEmpty();
    }
}
