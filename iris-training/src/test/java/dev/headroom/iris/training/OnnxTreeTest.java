package dev.headroom.iris.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxTreeTest {
    private final TrainedTree tree = TrainedTree.train(IrisData.load());

    OnnxTreeTest() throws IOException {}

    @Test
    void isTheSameBytesEachTime() throws IOException {
        byte[] first = OnnxTree.write(tree.model()).toByteArray();
        TrainedTree again = TrainedTree.train(IrisData.load());
        assertThat(OnnxTree.write(again.model()).toByteArray()).isEqualTo(first);
    }

    @Test
    void learnsMoreThanTheLargestClass() {
        assertThat(tree.trained()).isEqualTo(105);
        assertThat(tree.heldOut()).isEqualTo(45);
        assertThat(tree.evaluation().accuracy()).isGreaterThan(0.9);
    }

    @Test
    void thresholdsAreRoundedDownSoThatNoFloatChangesSides() {
        for (double threshold : new double[] {2.45, 1.75, 0.1, 4.95, 1e-40, 3.0}) {
            float floor = OnnxTree.floor(threshold);
            assertThat((double) floor).isLessThanOrEqualTo(threshold);
            assertThat((double) Math.nextUp(floor)).isGreaterThan(threshold);
        }
    }

    @Test
    void keepsTheSpecificationOfTreeEnsembleClassifier() {
        int nodes = attribute("nodes_nodeids").getIntsCount();
        for (String name :
                List.of(
                        "nodes_treeids",
                        "nodes_featureids",
                        "nodes_truenodeids",
                        "nodes_falsenodeids")) {
            assertThat(attribute(name).getIntsCount()).as(name).isEqualTo(nodes);
        }
        assertThat(attribute("nodes_values").getFloatsCount()).isEqualTo(nodes);
        assertThat(attribute("nodes_modes").getStringsCount()).isEqualTo(nodes);
        List<Float> weights = attribute("class_weights").getFloatsList();
        for (int leaf = 0; leaf < weights.size(); leaf += IrisData.SPECIES.size()) {
            float sum = weights.get(leaf) + weights.get(leaf + 1) + weights.get(leaf + 2);
            assertThat(sum).as("shares of leaf at %d", leaf).isBetween(0.999999f, 1.000001f);
        }
    }

    private AttributeProto attribute(String name) {
        return OnnxTree.write(tree.model()).getGraph().getNode(0).getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
