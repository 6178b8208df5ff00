package dev.headroom.lab.experiment;

import dev.headroom.lab.experiment.ExperimentException.Problem;
import dev.headroom.lab.run.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Kubernetes objects of an experiment, in the order of its files, and what they are to one another: which workload the target's service selects, and which
 * HorizontalPodAutoscaler scales it.
 */
public final class Manifests {
    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet", "ReplicaSet");
    private static final int MOST_NODES = 200_000;

    private final List<Manifest> all;

    private Manifests(List<Manifest> all) {
        this.all = List.copyOf(all);
    }

    /**
     * Reads all files; folders as {@code kubectl apply -f} does: their own {@code .yaml}, {@code .yml} and {@code .json} files, by name.
     *
     * @throws ExperimentException with everything that is wrong
     */
    public static Manifests read(List<Path> paths) throws ExperimentException {
        List<Problem> problems = new ArrayList<>();
        Manifests manifests = read(paths, problems);
        if (!problems.isEmpty()) {
            throw new ExperimentException(problems);
        }
        return manifests;
    }

    static Manifests read(List<Path> paths, List<Problem> problems) {
        List<Manifest> all = new ArrayList<>();
        for (Path path : paths) {
            for (Path file : files(path, problems)) {
                for (Node document : YamlFile.documents(file, problems)) {
                    add(file, document, all, problems);
                }
            }
        }
        Map<String, Manifest> seen = new HashMap<>();
        for (Manifest manifest : all) {
            String id = manifest.apiVersion() + " " + manifest.title() + " " + manifest.namespace();
            Manifest first = seen.putIfAbsent(id, manifest);
            if (first != null) {
                problems.add(
                        new Problem(
                                manifest.file(),
                                manifest.line(),
                                "",
                                manifest.title()
                                        + " stands twice; first in "
                                        + first.file()
                                        + ":"
                                        + first.line()));
            }
        }
        return new Manifests(all);
    }

    public List<Manifest> all() {
        return all;
    }

    /** Names of the Services. */
    List<String> services() {
        return all.stream().filter(m -> m.kind().equals("Service")).map(Manifest::name).toList();
    }

    public Optional<Manifest> service(String name) {
        return all.stream()
                .filter(m -> m.kind().equals("Service") && m.name().equals(name))
                .findFirst();
    }

    /** The workload whose pods the service selects. */
    public Optional<Manifest> workload(Manifest service) {
        JsonNode selector = service.object().path("spec").path("selector");
        return all.stream()
                .filter(m -> WORKLOADS.contains(m.kind()) && m.beside(service))
                .filter(m -> Manifest.selects(selector, podLabels(m)))
                .findFirst();
    }

    /** The HorizontalPodAutoscaler that scales the workload. */
    public Optional<Manifest> autoscaler(Manifest workload) {
        return all.stream()
                .filter(m -> m.kind().equals("HorizontalPodAutoscaler") && m.beside(workload))
                .filter(m -> {
                    JsonNode target = m.object().path("spec").path("scaleTargetRef");
                    return target.path("kind").asString("").equals(workload.kind())
                            && target.path("name").asString("").equals(workload.name());
                })
                .findFirst();
    }

    private static JsonNode podLabels(Manifest workload) {
        return workload.object().path("spec").path("template").path("metadata").path("labels");
    }

    private static List<Path> files(Path path, List<Problem> problems) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> files =
                    entries.filter(Files::isRegularFile)
                            .filter(Manifests::isManifest)
                            .sorted()
                            .toList();
            if (files.isEmpty()) {
                problems.add(
                        new Problem(path, 0, "", "holds no .yaml, .yml or .json file to apply"));
            }
            return files;
        } catch (IOException e) {
            problems.add(new Problem(path, 0, "", "can't be read: " + Errors.words(e)));
            return List.of();
        }
    }

    private static boolean isManifest(Path file) {
        String name = file.toString();
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private static void add(Path file, Node document, List<Manifest> all, List<Problem> problems) {
        if (document instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL)) {
            return;
        }
        int line = YamlFile.line(document);
        if (!(document instanceof MappingNode)) {
            problems.add(
                    new Problem(
                            file,
                            line,
                            "",
                            "is no Kubernetes object: it takes a mapping with apiVersion, kind and metadata.name"));
            return;
        }
        int[] left = {MOST_NODES};
        JsonNode json = json(document, file, "", problems, left);
        if (!(json instanceof ObjectNode object)) {
            return;
        }
        if (object.path("kind").asString("").equals("List") && object.path("items").isArray()) {
            for (JsonNode item : object.path("items")) {
                if (item instanceof ObjectNode one) {
                    addObject(file, line, one, all, problems);
                }
            }
            return;
        }
        addObject(file, line, object, all, problems);
    }

    private static void addObject(
            Path file, int line, ObjectNode object, List<Manifest> all, List<Problem> problems) {
        Manifest manifest = new Manifest(file, line, object);
        for (String wanted : List.of("apiVersion", "kind")) {
            if (!object.path(wanted).isString()) {
                problems.add(
                        new Problem(file, line, wanted, "is missing: it is no Kubernetes object"));
                return;
            }
        }
        if (manifest.name().isEmpty()) {
            problems.add(
                    new Problem(
                            file, line, "metadata.name", "is missing in this " + manifest.kind()));
            return;
        }
        all.add(manifest);
    }

    /** The node as JSON; null where it is wrong. Aliases are written out, up to a bound. */
    private static @Nullable JsonNode json(
            Node node, Path file, String key, List<Problem> problems, int[] left) {
        if (left[0]-- <= 0) {
            if (left[0] == -1) {
                problems.add(new Problem(file, YamlFile.line(node), key, "is too large"));
            }
            return null;
        }
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> {
                ArrayNode array = make.arrayNode();
                for (Node item : sequence.getValue()) {
                    JsonNode value =
                            json(item, file, key + "[" + array.size() + "]", problems, left);
                    if (value != null) {
                        array.add(value);
                    }
                }
                yield array;
            }
            case MappingNode mapping -> {
                ObjectNode object = make.objectNode();
                for (NodeTuple tuple : mapping.getValue()) {
                    String name = tuple.getKeyNode() instanceof ScalarNode s ? s.getValue() : "?";
                    String path = key.isEmpty() ? name : key + "." + name;
                    if (object.has(name)) {
                        problems.add(
                                new Problem(
                                        file,
                                        YamlFile.line(tuple.getKeyNode()),
                                        path,
                                        "stands twice"));
                    }
                    JsonNode value = json(tuple.getValueNode(), file, path, problems, left);
                    if (value != null) {
                        object.set(name, value);
                    }
                }
                yield object;
            }
            default -> null;
        };
    }

    private static JsonNode scalar(ScalarNode scalar) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return make.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return make.booleanNode(Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.INT)) {
            try {
                return make.numberNode(Long.decode(text.replaceFirst("^0o", "0")));
            } catch (NumberFormatException large) {
                return make.stringNode(text);
            }
        }
        if (tag.equals(Tag.FLOAT)) {
            try {
                return make.numberNode(Double.parseDouble(text));
            } catch (NumberFormatException special) {
                return make.stringNode(text);
            }
        }
        return make.stringNode(text);
    }
}
