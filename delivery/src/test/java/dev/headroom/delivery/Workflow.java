package dev.headroom.delivery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A workflow file, and as much of GitHub's expressions as its environments use: names, and {@code a || b}. */
record Workflow(JsonNode root) {
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{\\s*(.*?)\\s*\\}\\}");

    static Workflow read(Path file) {
        return new Workflow(YAMLMapper.builder().build().readTree(file.toFile()));
    }

    /** One step of a job. */
    record Step(String job, JsonNode node) {
        String name() {
            return node.path("name").asString("");
        }

        String id() {
            return node.path("id").asString("");
        }

        String uses() {
            return node.path("uses").asString("");
        }

        String run() {
            return node.path("run").asString("");
        }

        /** Whether it is for when something failed. */
        boolean onFailure() {
            return node.path("if").asString("").contains("failure()");
        }
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        root.path("jobs")
                .properties()
                .forEach(job ->
                        job.getValue()
                                .path("steps")
                                .forEach(step -> steps.add(new Step(job.getKey(), step))));
        return steps;
    }

    /** The environment that a step gets: the workflow's and its own. */
    Map<String, String> environment(Step step, Map<String, String> context) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode part : List.of(root.path("env"), step.node().path("env"))) {
            part.properties()
                    .forEach(e ->
                            environment.put(
                                    e.getKey(), evaluated(e.getValue().asString(""), context)));
        }
        return environment;
    }

    /**
     * The text with its expressions replaced.
     *
     * @throws AssertionError for a name that is not known: an empty value there would hide a typing error
     */
    static String evaluated(String text, Map<String, String> context) {
        return EXPRESSION
                .matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(value(m.group(1), context)));
    }

    private static String value(String expression, Map<String, String> context) {
        String value = "";
        for (String part : expression.split("\\|\\|", -1)) {
            String name = part.strip();
            if (name.startsWith("'")) {
                value = name.substring(1, name.length() - 1);
            } else if (context.containsKey(name)) {
                value = String.valueOf(context.get(name));
            } else {
                throw new AssertionError("nothing sets " + name);
            }
            if (!value.isEmpty()) {
                break;
            }
        }
        return value;
    }
}
