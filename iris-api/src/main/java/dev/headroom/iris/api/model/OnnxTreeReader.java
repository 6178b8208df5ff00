package dev.headroom.iris.api.model;

import dev.headroom.iris.api.model.DecisionTree.Leaf;
import dev.headroom.iris.api.model.DecisionTree.Mode;
import dev.headroom.iris.api.model.DecisionTree.Splits;
import dev.headroom.iris.api.model.OnnxFile.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link DecisionTree} from ONNX: a graph of one {@code ai.onnx.ml.TreeEnsembleClassifier} with one tree and text
 * labels, and the features' names in the metadata {@code feature_names}. What it does not support it refuses by name.
 */
public final class OnnxTreeReader {
    private static final String DOMAIN = "ai.onnx.ml";
    private static final long NEWEST_OPERATOR_SET = 4;

    private final Operator operator;
    private final List<String> featureNames;
    private final List<String> classNames;
    private final List<String> modes;
    private final long[] features;
    private final float[] values;
    private final long[] whenTrue;
    private final long[] whenFalse;
    private final float[][] weights;

    private OnnxTreeReader(Operator operator, List<String> featureNames) throws ModelException {
        this.operator = operator;
        this.featureNames = featureNames;
        this.classNames = required("classlabels_strings").texts();
        this.modes = required("nodes_modes").texts();
        this.features = ints("nodes_featureids", modes.size());
        this.whenTrue = ints("nodes_truenodeids", modes.size());
        this.whenFalse = ints("nodes_falsenodeids", modes.size());
        this.values = floats("nodes_values", modes.size());
        this.weights = weights();
    }

    /**
     * Reads a model.
     *
     * @param name what errors call the file
     */
    public static DecisionTree read(byte[] bytes, String name) throws ModelException {
        try {
            OnnxFile file = OnnxFile.read(bytes);
            if (file.operators().size() != 1) {
                throw new ModelException(
                        "graph: one operator is supported, found " + file.operators().size());
            }
            Operator operator = file.operators().get(0);
            checkOperator(operator, file.operatorSet(DOMAIN));
            String names = file.metadata("feature_names");
            if (names == null || names.isEmpty()) {
                throw new ModelException(
                        "metadata feature_names is missing: the features' names, with commas");
            }
            List<String> featureNames = Arrays.asList(names.split(",", -1));
            OnnxTreeReader reader = new OnnxTreeReader(operator, featureNames);
            return reader.tree(Long.toString(file.version()));
        } catch (ModelException e) {
            throw new ModelException(name + ": " + e.getMessage());
        }
    }

    private static void checkOperator(Operator operator, long set) throws ModelException {
        if (!operator.domain().equals(DOMAIN)
                || !operator.type().equals("TreeEnsembleClassifier")) {
            throw new ModelException(
                    "operator "
                            + operator.domain()
                            + "."
                            + operator.type()
                            + " is not supported, only ai.onnx.ml.TreeEnsembleClassifier");
        }
        if (set < 1 || set > NEWEST_OPERATOR_SET) {
            throw new ModelException(
                    "operator set ai.onnx.ml "
                            + set
                            + " is not supported, only 1 to "
                            + NEWEST_OPERATOR_SET);
        }
        for (String name : operator.attributes().keySet()) {
            if (name.endsWith("_as_tensor")
                    || name.equals("base_values")
                    || name.equals("classlabels_int64s")) {
                throw new ModelException("attribute " + name + " is not supported");
            }
        }
    }

    private DecisionTree tree(String version) throws ModelException {
        if (modes.isEmpty() || classNames.isEmpty()) {
            throw new ModelException("a tree without nodes or without classes");
        }
        checkDefaults();
        int[] places = places();
        int splits = 0;
        List<Leaf> leaves = new ArrayList<>();
        for (int id = 0; id < places.length; id++) {
            if (places[id] < 0) {
                leaves.add(new Leaf(largest(weights[id]), weights[id]));
            } else {
                splits++;
            }
        }
        Splits table =
                new Splits(
                        new Mode[splits],
                        new int[splits],
                        new float[splits],
                        new int[splits],
                        new int[splits]);
        boolean[] reached = new boolean[places.length];
        reached[0] = true;
        for (int id = 0; id < places.length; id++) {
            if (places[id] >= 0) {
                int at = places[id];
                table.modes()[at] = Mode.valueOf(modes.get(id));
                table.features()[at] = feature(id);
                table.values()[at] = value(id);
                table.whenTrue()[at] = places[child(whenTrue, id, reached)];
                table.whenFalse()[at] = places[child(whenFalse, id, reached)];
            }
        }
        for (int id = 0; id < reached.length; id++) {
            if (!reached[id]) {
                throw new ModelException("node " + id + " is no other node's child");
            }
        }
        return new DecisionTree(featureNames, classNames, version, table, leaves);
    }

    /** Where each node goes: the index of a split, or the complement of a leaf's. */
    private int[] places() throws ModelException {
        int[] places = new int[modes.size()];
        int splits = 0;
        int leaves = 0;
        for (int id = 0; id < places.length; id++) {
            String mode = modes.get(id);
            if (mode.equals("LEAF")) {
                places[id] = ~leaves++;
            } else if (mode.startsWith("BRANCH_") && isMode(mode)) {
                places[id] = splits++;
            } else {
                throw new ModelException(
                        "nodes_modes[" + id + "] is " + mode + ", no mode of ONNX");
            }
        }
        return places;
    }

    private static boolean isMode(String name) {
        return Arrays.stream(Mode.values()).anyMatch(mode -> mode.name().equals(name));
    }

    /**
     * A child's id. Parents come before their children and each child has one parent, so that every walk ends and no node is
     * shared.
     */
    private static int child(long[] children, int parent, boolean[] reached) throws ModelException {
        long child = children[parent];
        if (child <= parent || child >= reached.length) {
            throw new ModelException(
                    "node "
                            + parent
                            + " has the child "
                            + child
                            + ", which is not a node after it");
        }
        if (reached[(int) child]) {
            throw new ModelException("node " + child + " has two parents");
        }
        reached[(int) child] = true;
        return (int) child;
    }

    private int feature(int id) throws ModelException {
        if (features[id] < 0 || features[id] >= featureNames.size()) {
            throw new ModelException(
                    "nodes_featureids["
                            + id
                            + "] is "
                            + features[id]
                            + ", but there are "
                            + featureNames.size()
                            + " features");
        }
        return (int) features[id];
    }

    private float value(int id) throws ModelException {
        if (!Float.isFinite(values[id])) {
            throw new ModelException("nodes_values[" + id + "] is " + values[id]);
        }
        return values[id];
    }

    private void checkDefaults() throws ModelException {
        Attribute transform = operator.attributes().get("post_transform");
        if (transform != null && !transform.texts().equals(List.of("NONE"))) {
            throw new ModelException(
                    "post_transform " + transform.texts() + " is not supported, only NONE");
        }
        long[] ids = ints("nodes_nodeids", modes.size());
        for (int id = 0; id < ids.length; id++) {
            if (ids[id] != id) {
                throw new ModelException(
                        "nodes_nodeids[" + id + "] is " + ids[id] + ", expected " + id);
            }
        }
        onlyZeros("nodes_treeids", ints("nodes_treeids", modes.size()));
        onlyZeros("class_treeids", required("class_treeids").ints());
    }

    private static void onlyZeros(String name, long[] ids) throws ModelException {
        if (Arrays.stream(ids).anyMatch(id -> id != 0)) {
            throw new ModelException(name + " names more than one tree; one is supported");
        }
    }

    /** For each node the probability of each class; all zero for a split. */
    private float[][] weights() throws ModelException {
        long[] nodes = required("class_nodeids").ints();
        long[] classes = ints("class_ids", nodes.length);
        float[] shares = floats("class_weights", nodes.length);
        ints("class_treeids", nodes.length);
        float[][] table = new float[modes.size()][classNames.size()];
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] < 0
                    || nodes[i] >= table.length
                    || !modes.get((int) nodes[i]).equals("LEAF")) {
                throw new ModelException(
                        "class_nodeids[" + i + "] is " + nodes[i] + ", which is no leaf");
            }
            if (classes[i] < 0 || classes[i] >= classNames.size()) {
                throw new ModelException(
                        "class_ids["
                                + i
                                + "] is "
                                + classes[i]
                                + ", but there are "
                                + classNames.size()
                                + " classes");
            }
            if (!(shares[i] >= 0 && shares[i] <= 1)) {
                throw new ModelException(
                        "class_weights[" + i + "] is " + shares[i] + ", no probability");
            }
            table[(int) nodes[i]][(int) classes[i]] += shares[i];
        }
        return table;
    }

    private static int largest(float[] shares) {
        int largest = 0;
        for (int i = 1; i < shares.length; i++) {
            if (shares[i] > shares[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    private Attribute required(String name) throws ModelException {
        @Nullable Attribute attribute = operator.attributes().get(name);
        if (attribute == null) {
            throw new ModelException("attribute " + name + " is missing");
        }
        return attribute;
    }

    private long[] ints(String name, int count) throws ModelException {
        long[] ints = required(name).ints();
        checkCount(name, ints.length, count);
        return ints;
    }

    private float[] floats(String name, int count) throws ModelException {
        float[] floats = required(name).floats();
        checkCount(name, floats.length, count);
        return floats;
    }

    private static void checkCount(String name, int found, int expected) throws ModelException {
        if (found != expected) {
            throw new ModelException(
                    "attribute " + name + " has " + found + " numbers, expected " + expected);
        }
    }
}
