package dev.headroom.iris.training;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.classification.Label;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.SplitNode;
import org.tribuo.common.tree.TreeModel;

/**
 * Writes a Tribuo tree as an ONNX model with one {@code ai.onnx.ml.TreeEnsembleClassifier} (operator set 3): input
 * {@code features} float32 [batch, 4] in centimetres, outputs {@code label} string [batch] and {@code probabilities}
 * float32 [batch, 3].
 */
final class OnnxTree {
    private static final long IR_VERSION = 8;
    private static final long ML_OPSET = 3;
    private static final long CORE_OPSET = 15;

    private final ImmutableFeatureMap features;
    private final List<Long> featureIds = new ArrayList<>();
    private final List<Float> values = new ArrayList<>();
    private final List<String> modes = new ArrayList<>();
    private final List<Long> trueIds = new ArrayList<>();
    private final List<Long> falseIds = new ArrayList<>();
    private final List<Long> classNodeIds = new ArrayList<>();
    private final List<Long> classIds = new ArrayList<>();
    private final List<Float> classWeights = new ArrayList<>();

    private OnnxTree(ImmutableFeatureMap features) {
        this.features = features;
    }

    /** The model, with nothing in it that depends on when or where it was made. */
    static ModelProto write(TreeModel<Label> tree) {
        OnnxTree nodes = new OnnxTree(tree.getFeatureIDMap());
        nodes.add(tree.getRoot());
        return nodes.model();
    }

    /**
     * The threshold as float32. Rounded down, never to the nearest: for every float32 x, {@code x <= threshold} holds exactly
     * when {@code x <= floor} does, so that the ONNX tree and Tribuo's agree on every input an ONNX model can get.
     */
    static float floor(double threshold) {
        float nearest = (float) threshold;
        return nearest > threshold ? Math.nextDown(nearest) : nearest;
    }

    /** Adds a node and all below it, parents first; returns its id. */
    private long add(Node<Label> node) {
        int id = modes.size();
        if (node instanceof SplitNode<Label> split) {
            String name = features.get(split.getFeatureID()).getName();
            reserve("BRANCH_LEQ", IrisData.FEATURES.indexOf(name), floor(split.splitValue()));
            trueIds.set(id, add(split.getLessThanOrEqual()));
            falseIds.set(id, add(split.getGreaterThan()));
        } else if (node instanceof LeafNode<Label> leaf) {
            reserve("LEAF", 0, 0f);
            for (int i = 0; i < IrisData.SPECIES.size(); i++) {
                Label share = leaf.getDistribution().get(IrisData.SPECIES.get(i));
                classNodeIds.add((long) id);
                classIds.add((long) i);
                classWeights.add(share == null ? 0f : (float) share.getScore());
            }
        } else {
            throw new IllegalStateException("neither a split nor a leaf: " + node);
        }
        return id;
    }

    private void reserve(String mode, long feature, float value) {
        modes.add(mode);
        featureIds.add(feature);
        values.add(value);
        trueIds.add(0L);
        falseIds.add(0L);
    }

    private ModelProto model() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(opset("", CORE_OPSET))
                .addOpsetImport(opset("ai.onnx.ml", ML_OPSET))
                .setProducerName("headroom iris-training")
                .setDomain("dev.headroom.iris")
                .setModelVersion(1)
                .setDocString("Species of an iris from four lengths in centimetres")
                .setGraph(
                        GraphProto.newBuilder()
                                .setName("iris")
                                .addNode(classifier())
                                .addInput(tensor("features", TensorProto.DataType.FLOAT, 4))
                                .addOutput(tensor("label", TensorProto.DataType.STRING, 0))
                                .addOutput(tensor("probabilities", TensorProto.DataType.FLOAT, 3)))
                .addMetadataProps(
                        StringStringEntryProto.newBuilder()
                                .setKey("feature_names")
                                .setValue(String.join(",", IrisData.FEATURES)))
                .build();
    }

    private NodeProto classifier() {
        List<Long> nodeIds = new ArrayList<>();
        for (long id = 0; id < modes.size(); id++) {
            nodeIds.add(id);
        }
        return NodeProto.newBuilder()
                .setName("tree")
                .setOpType("TreeEnsembleClassifier")
                .setDomain("ai.onnx.ml")
                .addInput("features")
                .addOutput("label")
                .addOutput("probabilities")
                .addAttribute(ints("class_ids", classIds))
                .addAttribute(ints("class_nodeids", classNodeIds))
                .addAttribute(ints("class_treeids", zeros(classIds.size())))
                .addAttribute(floats("class_weights", classWeights))
                .addAttribute(strings("classlabels_strings", IrisData.SPECIES))
                .addAttribute(ints("nodes_falsenodeids", falseIds))
                .addAttribute(ints("nodes_featureids", featureIds))
                .addAttribute(ints("nodes_missing_value_tracks_true", zeros(modes.size())))
                .addAttribute(strings("nodes_modes", modes))
                .addAttribute(ints("nodes_nodeids", nodeIds))
                .addAttribute(ints("nodes_treeids", zeros(modes.size())))
                .addAttribute(ints("nodes_truenodeids", trueIds))
                .addAttribute(floats("nodes_values", values))
                .addAttribute(
                        attribute("post_transform", AttributeProto.AttributeType.STRING)
                                .setS(ByteString.copyFromUtf8("NONE")))
                .build();
    }

    private static List<Long> zeros(int count) {
        return Collections.nCopies(count, 0L);
    }

    private static AttributeProto.Builder attribute(
            String name, AttributeProto.AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    private static AttributeProto.Builder ints(String name, List<Long> ints) {
        return attribute(name, AttributeProto.AttributeType.INTS).addAllInts(ints);
    }

    private static AttributeProto.Builder floats(String name, List<Float> floats) {
        return attribute(name, AttributeProto.AttributeType.FLOATS).addAllFloats(floats);
    }

    private static AttributeProto.Builder strings(String name, List<String> strings) {
        return attribute(name, AttributeProto.AttributeType.STRINGS)
                .addAllStrings(strings.stream().map(ByteString::copyFromUtf8).toList());
    }

    private static OperatorSetIdProto opset(String domain, long version) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
    }

    /** A tensor of shape [batch], or [batch, width] where width is not 0. */
    private static ValueInfoProto tensor(String name, TensorProto.DataType type, int width) {
        TensorShapeProto.Builder shape =
                TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
        if (width != 0) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(type.getNumber())
                                                .setShape(shape)))
                .build();
    }
}
