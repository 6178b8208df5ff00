package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.run.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Findings as SARIF 2.1.0, which code hosts show beside the line that is meant. */
public final class Sarif {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final String HOME =
            "https://github.com/headroom-dev/headroom/blob/main/docs/lint.md";

    private Sarif() {}

    /**
     * The log, one run in it.
     *
     * @param version of this program
     */
    public static String write(World world, List<Finding> findings, String version) {
        ObjectNode root = Json.mapper().createObjectNode();
        root.put("$schema", SCHEMA);
        root.put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "headroom lint");
        driver.put("version", version);
        driver.put("informationUri", HOME);
        List<Rule> rules = Linter.rules();
        rules.forEach(r -> rule(driver.withArray("rules"), r));
        run.put("columnKind", "unicodeCodePoints");
        ArrayNode results = run.putArray("results");
        findings.forEach(f -> result(results.addObject(), f, rules.indexOf(f.rule())));
        ObjectNode invocation = run.putArray("invocations").addObject();
        invocation.put("executionSuccessful", true);
        ArrayNode notes = invocation.putArray("toolExecutionNotifications");
        for (String missing : world.notSeen()) {
            ObjectNode note = notes.addObject().put("level", "warning");
            note.putObject("message").put("text", "not looked at: " + missing);
        }
        return new String(Json.pretty(root), StandardCharsets.UTF_8);
    }

    private static void rule(ArrayNode rules, Rule rule) {
        ObjectNode node = rules.addObject();
        node.put("id", rule.id());
        node.putObject("shortDescription").put("text", rule.title());
        node.putObject("fullDescription").put("text", rule.why());
        node.putObject("help").put("text", rule.fix() + "\n" + rule.reference());
        node.put("helpUri", HOME + "#" + rule.id());
        node.putObject("defaultConfiguration").put("level", rule.severity().word());
    }

    private static void result(ObjectNode result, Finding finding, int index) {
        result.put("ruleId", finding.rule().id());
        result.put("ruleIndex", index);
        result.put("level", finding.rule().severity().word());
        result.putObject("message")
                .put(
                        "text",
                        finding.objectName()
                                + ": "
                                + finding.message()
                                + ". "
                                + finding.rule().fix());
        ObjectNode location = result.putArray("locations").addObject();
        Manifest object = finding.object();
        if (finding.line() > 0) {
            ObjectNode physical = location.putObject("physicalLocation");
            physical.putObject("artifactLocation").put("uri", uri(object.file()));
            physical.putObject("region").put("startLine", finding.line());
        }
        ObjectNode logical = location.putArray("logicalLocations").addObject();
        logical.put("name", object.name());
        logical.put("fullyQualifiedName", finding.objectName() + " " + finding.key());
        logical.put("kind", "object");
        // The same finding, wherever its line has gone to.
        result.putObject("partialFingerprints")
                .put("objectAndKey/v1", finding.objectName() + "#" + finding.key());
    }

    /** Relative to where the program was started, if it is below: there the code host knows it. */
    private static String uri(Path file) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = file.toAbsolutePath().normalize();
        if (!absolute.startsWith(here)) {
            return absolute.toUri().toString();
        }
        String path = here.relativize(absolute).toString().replace('\\', '/');
        try {
            return new URI(null, null, path, null).getRawPath();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(path, e);
        }
    }
}
