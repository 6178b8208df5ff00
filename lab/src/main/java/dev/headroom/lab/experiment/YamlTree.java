package dev.headroom.lab.experiment;

import dev.headroom.lab.experiment.ExperimentException.Problem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One document of a manifest as the JSON tree that kubectl makes of it, and the line of each of its keys: what is said of a key later can name its line. */
final class YamlTree {
    private static final int MOST_NODES = 200_000;

    private final Path file;
    private final List<Problem> problems;
    private final Map<String, Integer> lines = new HashMap<>();
    private int left = MOST_NODES;

    YamlTree(Path file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Null where it is wrong, with a problem added. Aliases are written out, up to a bound. */
    @Nullable JsonNode json(Node document) {
        return json(document, "");
    }

    /** From 1, by path: {@code spec.ports[0].port}. */
    Map<String, Integer> lines() {
        return lines;
    }

    /** Of what is below a path, which they then leave out. */
    Map<String, Integer> lines(String prefix) {
        Map<String, Integer> below = new HashMap<>();
        lines.forEach((path, line) -> {
            if (path.startsWith(prefix)) {
                below.put(path.substring(prefix.length()), line);
            }
        });
        return below;
    }

    private @Nullable JsonNode json(Node node, String key) {
        if (left-- <= 0) {
            if (left == -1) {
                problems.add(new Problem(file, YamlFile.line(node), key, "is too large"));
            }
            return null;
        }
        return switch (node) {
            case ScalarNode scalar -> KubectlYaml.json(scalar);
            case SequenceNode sequence -> array(sequence, key);
            case MappingNode mapping -> object(mapping, key);
            default -> null;
        };
    }

    private ArrayNode array(SequenceNode sequence, String key) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Node item : sequence.getValue()) {
            String path = key + "[" + array.size() + "]";
            JsonNode value = json(item, path);
            if (value != null) {
                lines.put(path, YamlFile.line(item));
                array.add(value);
            }
        }
        return array;
    }

    private ObjectNode object(MappingNode mapping, String key) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        Set<String> own = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode().getTag().equals(KubectlYaml.MERGE)) {
                merge(tuple, object, key);
                continue;
            }
            int line = YamlFile.line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                problems.add(new Problem(file, line, key, "holds a key that is no text"));
                continue;
            }
            String name = KubectlYaml.key(scalar);
            String path = key.isEmpty() ? name : key + "." + name;
            if (!own.add(name)) {
                problems.add(new Problem(file, line, path, "stands twice"));
            }
            JsonNode value = json(tuple.getValueNode(), path);
            if (value != null) {
                lines.put(path, line);
                object.set(name, value);
            }
        }
        return object;
    }

    /** What stands under {@code <<}, in the place where it stands: it replaces keys before it, and keys behind it replace it, as kubectl has it. */
    private void merge(NodeTuple tuple, ObjectNode into, String key) {
        Node merged = tuple.getValueNode();
        List<Node> sources =
                merged instanceof SequenceNode many ? many.getValue().reversed() : List.of(merged);
        for (Node source : sources) {
            if (source instanceof MappingNode mapping) {
                into.setAll(object(mapping, key));
            } else {
                problems.add(
                        new Problem(
                                file,
                                YamlFile.line(tuple.getKeyNode()),
                                key.isEmpty() ? "<<" : key + ".<<",
                                "map merge requires map or sequence of maps as the value"));
            }
        }
    }
}
