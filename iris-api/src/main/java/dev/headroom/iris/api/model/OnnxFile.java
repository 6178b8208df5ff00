package dev.headroom.iris.api.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an ONNX file says, as far as a classifier of one operator needs it: the operator with its attributes, the operator
 * sets, the metadata. Field numbers are those of {@code onnx-ml.proto}.
 */
final class OnnxFile {
    private static final int MODEL_VERSION = 5;
    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_OPSET = 8;
    private static final int MODEL_METADATA = 14;
    private static final int GRAPH_NODE = 1;
    private static final int NODE_OP_TYPE = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int NODE_DOMAIN = 7;

    private final List<Operator> operators = new ArrayList<>();
    private final Map<String, Long> operatorSets = new HashMap<>();
    private final Map<String, String> metadata = new HashMap<>();
    private long version;
    private boolean hasGraph;

    /** One node of the graph. */
    record Operator(String domain, String type, Map<String, Attribute> attributes) {}

    static OnnxFile read(byte[] bytes) throws ModelException {
        if (bytes.length == 0) {
            throw new ModelException("byte 0: the file is empty");
        }
        OnnxFile file = new OnnxFile();
        WireReader model = new WireReader(bytes);
        for (int field = model.nextField(); field != 0; field = model.nextField()) {
            switch (field) {
                case MODEL_VERSION -> file.version = model.longValue();
                case MODEL_GRAPH -> file.graph(model);
                case MODEL_OPSET -> file.operatorSet(model.message());
                case MODEL_METADATA -> file.metadata(model.message());
                default -> model.skip();
            }
        }
        if (!file.hasGraph) {
            throw model.error("no graph in it: not an ONNX model");
        }
        return file;
    }

    List<Operator> operators() {
        return operators;
    }

    /** The version of an operator set, or 0 if the model does not import it. */
    long operatorSet(String domain) {
        return operatorSets.getOrDefault(domain, 0L);
    }

    @Nullable String metadata(String key) {
        return metadata.get(key);
    }

    long version() {
        return version;
    }

    private void graph(WireReader model) throws ModelException {
        if (hasGraph) {
            throw model.error("a second graph");
        }
        hasGraph = true;
        WireReader graph = model.message();
        for (int field = graph.nextField(); field != 0; field = graph.nextField()) {
            if (field == GRAPH_NODE) {
                operators.add(operator(graph.message()));
            } else {
                graph.skip();
            }
        }
    }

    private static Operator operator(WireReader node) throws ModelException {
        String type = "";
        String domain = "";
        Map<String, Attribute> attributes = new HashMap<>();
        for (int field = node.nextField(); field != 0; field = node.nextField()) {
            switch (field) {
                case NODE_OP_TYPE -> type = node.text();
                case NODE_DOMAIN -> domain = node.text();
                case NODE_ATTRIBUTE -> {
                    Attribute attribute = Attribute.read(node.message());
                    if (attributes.put(attribute.name(), attribute) != null) {
                        throw node.error("attribute " + attribute.name() + " twice");
                    }
                }
                default -> node.skip();
            }
        }
        return new Operator(domain, type, attributes);
    }

    private void operatorSet(WireReader set) throws ModelException {
        String domain = "";
        long number = 0;
        for (int field = set.nextField(); field != 0; field = set.nextField()) {
            switch (field) {
                case 1 -> domain = set.text();
                case 2 -> number = set.longValue();
                default -> set.skip();
            }
        }
        operatorSets.put(domain, number);
    }

    private void metadata(WireReader entry) throws ModelException {
        String key = "";
        String value = "";
        for (int field = entry.nextField(); field != 0; field = entry.nextField()) {
            switch (field) {
                case 1 -> key = entry.text();
                case 2 -> value = entry.text();
                default -> entry.skip();
            }
        }
        metadata.put(key, value);
    }
}
