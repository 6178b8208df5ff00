package dev.headroom.iris.training;

import java.util.ArrayList;
import java.util.List;
import org.tribuo.classification.Label;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.SplitNode;
import org.tribuo.common.tree.TreeModel;

/** The places where a tree's answer may change. */
final class Thresholds {
    private Thresholds() {}

    /**
     * One split of the tree.
     *
     * @param feature index into {@link IrisData#FEATURES}
     * @param value the threshold in centimetres
     */
    record Threshold(int feature, double value) {}

    /** All splits of the tree, parents first. */
    static List<Threshold> of(TreeModel<Label> tree) {
        List<Threshold> thresholds = new ArrayList<>();
        collect(tree, tree.getRoot(), thresholds);
        return List.copyOf(thresholds);
    }

    private static void collect(
            TreeModel<Label> tree, Node<Label> node, List<Threshold> thresholds) {
        if (node instanceof SplitNode<Label> split) {
            String name = tree.getFeatureIDMap().get(split.getFeatureID()).getName();
            thresholds.add(new Threshold(IrisData.FEATURES.indexOf(name), split.splitValue()));
            collect(tree, split.getLessThanOrEqual(), thresholds);
            collect(tree, split.getGreaterThan(), thresholds);
        }
    }
}
