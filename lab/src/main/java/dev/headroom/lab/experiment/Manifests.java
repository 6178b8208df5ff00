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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Kubernetes objects of an experiment, in the order of its files, and what they are to one another: which workload the target's service selects, and which
 * HorizontalPodAutoscaler scales it.
 */
public final class Manifests {
    /** Stands for what is piped into the program, read once. */
    public static final Path STANDARD_INPUT = Path.of("/dev/stdin");

    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet", "ReplicaSet");

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
                for (Node document : YamlFile.manifests(file, problems)) {
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

    /** What has pods that the service selects and is no workload that can be a target: of another kind, or of one that was misspelt. */
    Optional<Manifest> otherWorkload(Manifest service) {
        JsonNode selector = service.object().path("spec").path("selector");
        return all.stream()
                .filter(m -> !WORKLOADS.contains(m.kind()) && m.beside(service))
                .filter(m -> Manifest.selects(selector, podLabels(m)))
                .findFirst();
    }

    /** What the autoscalers target, as the rest of a sentence; empty where there are none. */
    String otherTargets() {
        return all.stream()
                .filter(m -> m.kind().equals("HorizontalPodAutoscaler"))
                .map(m -> {
                    JsonNode target = m.object().path("spec").path("scaleTargetRef");
                    return "; "
                            + m.place()
                            + " targets "
                            + target.path("kind").asString("")
                            + "/"
                            + target.path("name").asString("");
                })
                .limit(3)
                .collect(Collectors.joining());
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
        YamlTree tree = new YamlTree(file, problems);
        if (!(tree.json(document) instanceof ObjectNode object)) {
            return;
        }
        if (object.path("kind").asString("").equals("List") && object.path("items").isArray()) {
            for (int i = 0; i < object.path("items").size(); i++) {
                if (object.path("items").get(i) instanceof ObjectNode one) {
                    Map<String, Integer> lines = tree.lines("items[" + i + "].");
                    int begin = tree.lines().getOrDefault("items[" + i + "]", line);
                    addObject(new Manifest(file, begin, one, lines), all, problems);
                }
            }
            return;
        }
        addObject(new Manifest(file, line, object, tree.lines()), all, problems);
    }

    private static void addObject(Manifest manifest, List<Manifest> all, List<Problem> problems) {
        Path file = manifest.file();
        int line = manifest.line();
        for (String wanted : List.of("apiVersion", "kind")) {
            if (!manifest.object().path(wanted).isString()) {
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
}
