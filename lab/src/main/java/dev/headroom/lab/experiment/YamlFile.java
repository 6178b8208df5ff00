package dev.headroom.lab.experiment;

import dev.headroom.lab.experiment.ExperimentException.Problem;
import dev.headroom.lab.run.Errors;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Files of YAML 1.2 (and so of JSON) read into nodes that know their lines. */
final class YamlFile {
    /** No experiment or manifest that people write comes near it. */
    private static final int MOST_BYTES = 4 << 20;

    private YamlFile() {}

    /** The documents of a file; empty, with a problem added, where it can't be read. */
    static List<Node> documents(Path file, List<Problem> problems) {
        String text = text(file, problems);
        if (text == null) {
            return List.of();
        }
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file.toString())
                        .setCodePointLimit(MOST_BYTES)
                        .setMaxAliasesForCollections(YamlBounds.MOST_ALIASES)
                        .build();
        try {
            YamlBounds.Excess excess = YamlBounds.in(new Parse(settings).parseString(text));
            if (excess != null) {
                problems.add(new Problem(file, excess.line(), "", excess.words()));
                return List.of();
            }
            List<Node> nodes = new ArrayList<>();
            new Compose(settings).composeAllFromString(text).forEach(nodes::add);
            return nodes;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            int column = e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(0);
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            problems.add(
                    new Problem(
                            file,
                            line,
                            "",
                            "is no YAML: " + context + e.getProblem() + ", at column " + column));
        } catch (ReaderException e) {
            int before = Math.min(e.getPosition(), text.length());
            int line = 1 + (int) text.substring(0, before).chars().filter(c -> c == '\n').count();
            problems.add(
                    new Problem(
                            file,
                            line,
                            "",
                            String.format(
                                    Locale.ROOT,
                                    "is no YAML: it holds the character U+%04X, which no text has",
                                    e.getCodePoint())));
        } catch (YamlEngineException e) {
            problems.add(new Problem(file, 0, "", "is no YAML: " + e.getMessage()));
        }
        return List.of();
    }

    private static @Nullable String text(Path file, List<Problem> problems) {
        try {
            if (Files.isDirectory(file)) {
                problems.add(new Problem(file, 0, "", "is a folder; a file is needed"));
                return null;
            }
            if (!Files.isRegularFile(file) && Files.exists(file)) {
                problems.add(new Problem(file, 0, "", "is no regular file"));
                return null;
            }
            if (Files.size(file) > MOST_BYTES) {
                problems.add(
                        new Problem(file, 0, "", "is larger than " + (MOST_BYTES >> 20) + " MiB"));
                return null;
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            problems.add(new Problem(file, 0, "", "is not UTF-8 text"));
        } catch (IOException e) {
            problems.add(new Problem(file, 0, "", "can't be read: " + Errors.words(e)));
        }
        return null;
    }

    /** From 1. */
    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
