package dev.headroom.iris.api.model;

import java.util.List;

/**
 * A classification tree as ONNX's {@code TreeEnsembleClassifier} defines it: features and thresholds are float32, and a split
 * is taken by its own comparison. Immutable; evaluation allocates nothing.
 */
public final class DecisionTree {
    /** How a split compares a feature x with its value v; true leads to one side, false to the other. */
    enum Mode {
        BRANCH_LEQ,
        BRANCH_LT,
        BRANCH_GTE,
        BRANCH_GT,
        BRANCH_EQ,
        BRANCH_NEQ;

        boolean test(float x, float v) {
            return switch (this) {
                case BRANCH_LEQ -> x <= v;
                case BRANCH_LT -> x < v;
                case BRANCH_GTE -> x >= v;
                case BRANCH_GT -> x > v;
                case BRANCH_EQ -> x == v;
                case BRANCH_NEQ -> x != v;
            };
        }
    }

    /**
     * What is known of an input that ends in this leaf.
     *
     * @param label index of the most probable class, the lowest of several
     * @param probabilities one per class
     */
    record Leaf(int label, float[] probabilities) {}

    /** The splits, root first. A child is the index of a split, or the complement of a leaf's. */
    record Splits(Mode[] modes, int[] features, float[] values, int[] whenTrue, int[] whenFalse) {}

    private final List<String> featureNames;
    private final List<String> classNames;
    private final String version;
    private final Mode[] modes;
    private final int[] features;
    private final float[] values;
    private final int[] whenTrue;
    private final int[] whenFalse;
    private final Leaf[] leaves;

    DecisionTree(
            List<String> featureNames,
            List<String> classNames,
            String version,
            Splits splits,
            List<Leaf> leaves) {
        this.featureNames = List.copyOf(featureNames);
        this.classNames = List.copyOf(classNames);
        this.version = version;
        this.modes = splits.modes();
        this.features = splits.features();
        this.values = splits.values();
        this.whenTrue = splits.whenTrue();
        this.whenFalse = splits.whenFalse();
        this.leaves = leaves.toArray(Leaf[]::new);
    }

    /** The features' names, in the order in which {@link #leafOf} takes them. */
    public List<String> featureNames() {
        return featureNames;
    }

    public List<String> classNames() {
        return classNames;
    }

    /** The model's version, as its file states it. */
    public String version() {
        return version;
    }

    public int leafCount() {
        return leaves.length;
    }

    /** The class that a leaf stands for, as an index into {@link #classNames}. */
    public int classOf(int leaf) {
        return leaves[leaf].label();
    }

    /** A leaf's probability for one class. */
    public float probability(int leaf, int classIndex) {
        return leaves[leaf].probabilities()[classIndex];
    }

    /** The leaf in which a row of features (centimetres, float32) ends. */
    public int leafOf(float[] row) {
        int node = modes.length == 0 ? ~0 : 0;
        while (node >= 0) {
            float x = row[features[node]];
            boolean taken =
                    modes[node] == Mode.BRANCH_LEQ
                            ? x <= values[node]
                            : modes[node].test(x, values[node]);
            node = taken ? whenTrue[node] : whenFalse[node];
        }
        return ~node;
    }
}
