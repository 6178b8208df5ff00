package dev.headroom.lab.experiment;

import dev.headroom.lab.experiment.ExperimentException.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Keys that the command line sets as if an experiment's file said so: {@code load.wrk.connections=2000}. What they say is checked as the file is, with the same words.
 *
 * @param all in the order in which they are set; the last of several for one key stays
 */
public record Overrides(List<Assignment> all) {
    public static final Overrides NONE = new Overrides(List.of());

    /** Values have no place in a file, so what is wrong with one is said without a line. */
    private static final LoadSettings WITHOUT_LINES =
            LoadSettings.builder().setLabel("--set").setUseMarks(false).build();

    public Overrides {
        all = List.copyOf(all);
    }

    /**
     * One key and its value.
     *
     * @param keys from the outermost to the one that is set
     * @param value in YAML, as the file would have it
     */
    record Assignment(List<String> keys, String value) {}

    /**
     * Reads {@code KEY=VALUE}s.
     *
     * @throws ExperimentException naming the first that is none
     */
    public static Overrides read(List<String> settings) throws ExperimentException {
        List<Assignment> all = new ArrayList<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            List<String> keys =
                    List.of(setting.substring(0, Math.max(0, equals)).strip().split("\\.", -1));
            if (equals < 0 || keys.stream().anyMatch(String::isBlank)) {
                throw wrong(
                        "found \""
                                + setting
                                + "\"; it takes KEY=VALUE, such as autoscaler.maxReplicas=5");
            }
            if (keys.getFirst().equals("images")) {
                throw wrong(
                        "images stand in the experiment's file only: their names have dots in them");
            }
            Assignment assignment = new Assignment(keys, setting.substring(equals + 1));
            value(assignment);
            all.add(assignment);
        }
        return new Overrides(all);
    }

    private static ExperimentException wrong(String text) {
        return new ExperimentException(List.of(new Problem(Path.of("--set"), 0, "", text)));
    }

    private static Node value(Assignment assignment) throws ExperimentException {
        try {
            YamlBounds.Excess excess =
                    YamlBounds.in(new Parse(WITHOUT_LINES).parseString(assignment.value()));
            if (excess != null) {
                throw wrong(
                        "the value of "
                                + String.join(".", assignment.keys())
                                + " "
                                + excess.words());
            }
            return new Compose(WITHOUT_LINES)
                    .composeString(assignment.value())
                    .orElseThrow(() ->
                            wrong("found no value for " + String.join(".", assignment.keys())));
        } catch (YamlEngineException e) {
            throw wrong(
                    String.join(".", assignment.keys())
                            + ": \""
                            + assignment.value()
                            + "\" is no YAML: "
                            + String.valueOf(e.getMessage()).strip());
        }
    }

    /** Whether what is said of this key is said of one of them, and not of the file. */
    boolean hold(String key) {
        return all.stream()
                .map(assignment -> String.join(".", assignment.keys()))
                .anyMatch(set ->
                        key.equals(set) || key.startsWith(set + ".") || key.startsWith(set + "["));
    }

    /** The document with all of them set. */
    Node applied(Node document) {
        Node changed = document;
        for (Assignment assignment : all) {
            try {
                changed = set(changed, assignment.keys(), value(assignment));
            } catch (ExperimentException e) {
                throw new IllegalStateException("was read before", e);
            }
        }
        return changed;
    }

    private static Node set(@Nullable Node in, List<String> keys, Node value) {
        if (keys.isEmpty()) {
            return value;
        }
        MappingNode around = in instanceof MappingNode mapping ? mapping : null;
        List<NodeTuple> entries = new ArrayList<>();
        String key = keys.getFirst();
        List<String> rest = keys.subList(1, keys.size());
        boolean found = false;
        for (NodeTuple entry : around == null ? List.<NodeTuple>of() : around.getValue()) {
            boolean same = entry.getKeyNode() instanceof ScalarNode s && s.getValue().equals(key);
            found |= same;
            entries.add(
                    same
                            ? new NodeTuple(
                                    entry.getKeyNode(), set(entry.getValueNode(), rest, value))
                            : entry);
        }
        if (!found) {
            Node name = new ScalarNode(Tag.STR, key, ScalarStyle.PLAIN);
            entries.add(new NodeTuple(name, set(null, rest, value)));
        }
        return new MappingNode(
                Tag.MAP,
                true,
                entries,
                FlowStyle.BLOCK,
                around == null ? Optional.empty() : around.getStartMark(),
                around == null ? Optional.empty() : around.getEndMark());
    }
}
