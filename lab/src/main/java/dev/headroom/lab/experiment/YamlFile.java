package dev.headroom.lab.experiment;

import dev.headroom.lab.experiment.ExperimentException.Problem;
import dev.headroom.lab.run.Errors;
import dev.headroom.lab.run.Utf8;
import java.io.IOException;
import java.io.InputStream;
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
import org.snakeyaml.engine.v2.schema.JsonSchema;
import org.snakeyaml.engine.v2.schema.Schema;

/** Files of YAML 1.2 (and so of JSON) read into nodes that know their lines. */
final class YamlFile {
    /** No experiment or manifest that people write comes near it. */
    private static final int MOST_BYTES = 4 << 20;

    private YamlFile() {}

    /** The documents of an experiment file; empty, with a problem added, where it can't be read. */
    static List<Node> documents(Path file, List<Problem> problems) {
        return documents(file, new JsonSchema(), problems);
    }

    /** The same of a manifest, with scalars as kubectl reads them. */
    static List<Node> manifests(Path file, List<Problem> problems) {
        return documents(file, new KubectlYaml(), problems);
    }

    private static List<Node> documents(Path file, Schema schema, List<Problem> problems) {
        String text = text(file, problems);
        if (text == null) {
            return List.of();
        }
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file.toString())
                        .setSchema(schema)
                        // So that what reads the nodes can name the line of such a key.
                        .setAllowNonScalarKeys(true)
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
            String context =
                    e.getContext() == null || e.getContext().isBlank() ? "" : e.getContext() + ": ";
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
            byte[] bytes =
                    file.equals(Manifests.STANDARD_INPUT)
                            ? System.in.readNBytes(MOST_BYTES + 1)
                            : bytes(file);
            int wrongLine = bytes.length > MOST_BYTES ? 0 : Utf8.wrongLine(bytes);
            if (bytes.length <= MOST_BYTES && wrongLine == 0) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
            String words =
                    wrongLine > 0
                            ? "is not UTF-8 text"
                            : "is larger than " + (MOST_BYTES >> 20) + " MiB";
            problems.add(new Problem(file, wrongLine, "", words));
        } catch (NoFile e) {
            problems.add(new Problem(file, 0, "", String.valueOf(e.getMessage())));
        } catch (IOException e) {
            problems.add(new Problem(file, 0, "", "can't be read: " + Errors.words(e)));
        }
        return null;
    }

    /** What can't be read as a whole, in words that say so. */
    private static final class NoFile extends IOException {
        private static final long serialVersionUID = 1L;

        NoFile(String words) {
            super(words);
        }
    }

    /** One more than may be, where there are more. */
    private static byte[] bytes(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new NoFile("is a folder; a file is needed");
        }
        if (!Files.isRegularFile(file) && Files.exists(file)) {
            throw new NoFile("is no regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES + 1);
        }
    }

    /** From 1. */
    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
