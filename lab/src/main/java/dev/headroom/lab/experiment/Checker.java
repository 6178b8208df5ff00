package dev.headroom.lab.experiment;

import dev.headroom.lab.experiment.ExperimentException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Holds the nodes of an experiment file against their shapes; collects everything that is wrong instead of stopping at the first. */
final class Checker {
    private final Path file;
    private final boolean filesMustExist;
    private final List<Problem> problems;
    private final Map<String, Integer> lines = new HashMap<>();

    Checker(Path file, boolean filesMustExist, List<Problem> problems) {
        this.file = file;
        this.filesMustExist = filesMustExist;
        this.problems = problems;
    }

    /** The value at a node, or null where it is wrong (and a problem was added). */
    @Nullable Object check(Node node, Shape shape, String key) {
        lines.putIfAbsent(key, YamlFile.line(node));
        return switch (shape) {
            case Shape.Mapping mapping -> mapping(node, mapping, key);
            case Shape.Named named -> named(node, named, key);
            case Shape.Items items -> items(node, items, key);
            case Shape.Text text -> text(node, text, key);
            case Shape.Word word -> word(node, word, key);
            case Shape.Whole whole -> whole(node, whole, key);
            case Shape.Span span -> span(node, span, key);
            case Shape.Frequency frequency -> frequency(node, frequency, key);
            case Shape.Existing existing -> existing(node, existing, key);
        };
    }

    /** Adds a problem at a key that was checked. */
    void problem(String key, String text) {
        problems.add(new Problem(file, line(key), key, text));
    }

    /** The line of a key, or of the nearest one around it. */
    int line(String key) {
        for (String at = key; ; at = at.substring(0, at.lastIndexOf('.'))) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
            if (at.lastIndexOf('.') < 0) {
                return lines.getOrDefault("", 0);
            }
        }
    }

    private @Nullable Object mapping(Node node, Shape.Mapping shape, String key) {
        Map<String, Node> entries = entries(node, shape, key);
        if (entries == null) {
            return null;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        int before = problems.size();
        entries.forEach((name, value) -> {
            String path = path(key, name);
            Optional<Shape.Key> known =
                    shape.keys().stream().filter(k -> k.name().equals(name)).findFirst();
            if (known.isEmpty()) {
                problem(
                        path,
                        "unknown key"
                                + Nearest.hint(name, shape.names())
                                + "; accepted: "
                                + String.join(", ", shape.names()));
                return;
            }
            Object checked = check(value, known.get().shape(), path);
            if (checked != null) {
                values.put(name, checked);
            }
        });
        boolean sound = problems.size() == before;
        for (Shape.Key wanted : shape.keys()) {
            if (wanted.required()
                    && !entries.containsKey(wanted.name())
                    && !isMisspelt(wanted.name(), entries.keySet(), shape.names())) {
                problem(path(key, wanted.name()), "is missing; it takes " + wanted.shape().words());
                sound = false;
            }
        }
        List<String> chosen = values.keySet().stream().filter(shape.oneOf()::contains).toList();
        if (!shape.oneOf().isEmpty() && sound && chosen.size() != 1) {
            problem(
                    key,
                    "found "
                            + (chosen.isEmpty() ? "none" : String.join(" and ", chosen))
                            + "; it takes exactly one of "
                            + String.join(", ", shape.oneOf()));
            sound = false;
        }
        return sound ? new Checked(values) : null;
    }

    /** Whether the key is there under a wrong name, which was said already. */
    private static boolean isMisspelt(String key, Set<String> found, List<String> names) {
        return found.stream()
                .filter(name -> !names.contains(name))
                .anyMatch(name -> Nearest.of(name, names).filter(key::equals).isPresent());
    }

    private @Nullable Object named(Node node, Shape.Named shape, String key) {
        Map<String, Node> entries = entries(node, shape, key);
        if (entries == null) {
            return null;
        }
        int before = problems.size();
        Map<String, Object> values = new LinkedHashMap<>();
        entries.forEach((name, value) -> {
            String path = path(key, name);
            if (shape.names() != null && !shape.names().contains(name)) {
                problem(
                        path,
                        "unknown"
                                + Nearest.hint(name, shape.names())
                                + "; accepted: "
                                + String.join(", ", shape.names()));
                return;
            }
            Object checked = check(value, shape.shape(), path);
            if (checked != null) {
                values.put(name, checked);
            }
        });
        return problems.size() == before ? values : null;
    }

    /** Keys and values in the file's order; a key that stands twice is a problem. */
    private @Nullable Map<String, Node> entries(Node node, Shape shape, String key) {
        if (!(node instanceof MappingNode mapping)) {
            wrong(node, shape, key);
            return null;
        }
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                problems.add(
                        new Problem(
                                file,
                                YamlFile.line(tuple.getKeyNode()),
                                key,
                                "holds a key that is no text"));
                return null;
            }
            String path = path(key, name.getValue());
            // The key's own line, a line or more above a value in block style; of what --set has
            // set, none.
            boolean ofTheFile = YamlFile.line(tuple.getValueNode()) > 0;
            lines.putIfAbsent(path, ofTheFile ? YamlFile.line(name) : 0);
            Node first = entries.putIfAbsent(name.getValue(), tuple.getValueNode());
            if (first != null) {
                problems.add(
                        new Problem(
                                file,
                                YamlFile.line(name),
                                path,
                                "stands twice; first on line " + YamlFile.line(first)));
            }
        }
        return entries;
    }

    private @Nullable Object items(Node node, Shape.Items shape, String key) {
        if (!(node instanceof SequenceNode sequence)) {
            if (!shape.orSingle()) {
                return wrong(node, shape, key);
            }
            Object single = check(node, shape.item(), key);
            return single == null ? null : List.of(single);
        }
        if (sequence.getValue().size() < shape.least()) {
            problem(key, "is empty; it takes " + shape.words());
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            Object value = check(item, shape.item(), key + "[" + values.size() + "]");
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }

    private @Nullable Object text(Node node, Shape.Text shape, String key) {
        return node instanceof ScalarNode scalar
                        && !scalar.getTag().equals(Tag.NULL)
                        && shape.pattern().matcher(scalar.getValue()).matches()
                ? scalar.getValue()
                : wrong(node, shape, key);
    }

    private @Nullable Object word(Node node, Shape.Word shape, String key) {
        if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            return wrong(node, shape, key);
        }
        if (!shape.choices().contains(scalar.getValue())) {
            problem(
                    key,
                    "found \""
                            + scalar.getValue()
                            + "\""
                            + Nearest.hint(scalar.getValue(), shape.choices())
                            + "; accepted: "
                            + String.join(", ", shape.choices()));
            return null;
        }
        return scalar.getValue();
    }

    private @Nullable Object whole(Node node, Shape.Whole shape, String key) {
        if (node instanceof ScalarNode scalar && isWhole(scalar.getValue(), shape)) {
            if (scalar.getTag().equals(Tag.INT)) {
                return Integer.valueOf(scalar.getValue());
            }
            if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
                problem(
                        key,
                        "found the text \""
                                + scalar.getValue()
                                + "\"; it takes "
                                + shape.words()
                                + ", without quotes");
                return null;
            }
        }
        return wrong(node, shape, key);
    }

    private static boolean isWhole(String text, Shape.Whole shape) {
        try {
            int value = Integer.parseInt(text);
            return value >= shape.least() && value <= shape.most();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private @Nullable Object span(Node node, Shape.Span shape, String key) {
        if (node instanceof ScalarNode scalar) {
            Optional<Duration> value =
                    Units.duration(scalar.getValue())
                            .filter(d -> d.compareTo(shape.least()) >= 0)
                            .filter(d -> d.compareTo(shape.most()) <= 0)
                            .filter(d -> !shape.wholeSeconds() || d.getNano() == 0);
            if (value.isPresent()) {
                return value.get();
            }
        }
        return wrong(node, shape, key);
    }

    private @Nullable Object frequency(Node node, Shape.Frequency shape, String key) {
        if (node instanceof ScalarNode scalar) {
            Optional<Double> value =
                    Units.rate(scalar.getValue())
                            .filter(rate -> rate > 0 && rate <= shape.mostPerSecond());
            if (value.isPresent()) {
                return value.get();
            }
        }
        return wrong(node, shape, key);
    }

    private @Nullable Object existing(Node node, Shape.Existing shape, String key) {
        if (!(node instanceof ScalarNode scalar)
                || scalar.getTag().equals(Tag.NULL)
                || scalar.getValue().isBlank()) {
            return wrong(node, shape, key);
        }
        Path path;
        try {
            path = folder().resolve(scalar.getValue()).normalize();
        } catch (InvalidPathException e) {
            return wrong(node, shape, key);
        }
        if (!filesMustExist) {
            return path;
        }
        if (!Files.exists(path)) {
            problem(
                    key,
                    "found \""
                            + scalar.getValue()
                            + "\", but there is no "
                            + path
                            + siblings(path));
            return null;
        }
        if (Files.isDirectory(path) ? !shape.folders() : !shape.files()) {
            problem(
                    key,
                    "found \""
                            + scalar.getValue()
                            + "\", but "
                            + path
                            + (Files.isDirectory(path) ? " is a folder" : " is a file")
                            + "; it takes "
                            + shape.words());
            return null;
        }
        if (!Files.isReadable(path)) {
            problem(key, path + " can't be read: permission denied");
            return null;
        }
        return path;
    }

    private Path folder() {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder == null ? file.toAbsolutePath() : folder;
    }

    /** A hint at a file of nearly the same name beside the one that is missing. */
    private static String siblings(Path missing) {
        Path folder = missing.getParent();
        Path name = missing.getFileName();
        if (folder == null || name == null || !Files.isDirectory(folder)) {
            return "";
        }
        try (var entries = Files.list(folder)) {
            List<String> names =
                    entries.limit(1000).map(p -> String.valueOf(p.getFileName())).sorted().toList();
            return Nearest.hint(name.toString(), names);
        } catch (IOException e) {
            return "";
        }
    }

    private @Nullable Object wrong(Node node, Shape shape, String key) {
        problems.add(
                new Problem(
                        file,
                        YamlFile.line(node),
                        key,
                        "found " + found(node) + "; it takes " + shape.words()));
        return null;
    }

    private static String found(Node node) {
        return switch (node) {
            case MappingNode mapping -> "a mapping";
            case SequenceNode sequence -> "a list";
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
            case ScalarNode scalar -> "\"" + shortened(scalar.getValue()) + "\"";
            default -> "something else";
        };
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    private static String path(String key, String name) {
        return key.isEmpty() ? name : key + "." + name;
    }
}
