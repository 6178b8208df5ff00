package dev.headroom.lab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes what an experiment file may hold, from the same shapes that it is read by: for people as Markdown, for editors as JSON Schema. */
final class ExperimentReference {
    private static final String HEAD =
            """
            # Experiment files

            <!-- Generated from the code's own schema; see the end of this page. -->

            An experiment is one YAML 1.2 document. Paths are relative to the file they stand in. An unknown key, a wrong unit, a bound that can't be, a file or a service that is not there:
            each is an error that names file, line, key, what was found and what is accepted, before anything is started, and the program ends with exit code 2.

            ```yaml
            name: autoscaling
            manifests: ../k8s
            autoscaler: {minReplicas: 1, maxReplicas: 3}
            target: {service: iris-api-service, path: /predict}
            load:
              wrk: {threads: 4, connections: 1000, duration: 90s, script: ../k8s/wrk-post.lua}
            expect:
              verdict: scaled
              thresholds:
                http_req_failed: ['rate<0.001']
            ```

            An editor that knows YAML schemas completes and checks the keys with this line on top of the file:

                # yaml-language-server: $schema=../docs/experiment.schema.json

            """;

    private static final String TAIL =
            """

            ## Thresholds

            A threshold is an aggregation, an operator (`<`, `<=`, `>`, `>=`, `==`, `!=`) and a number without a unit, as k6 writes them: `'p(99)<500'`. It holds over the whole load.

            | metric | what it is | aggregations |
            |---|---|---|
            %s
            ## Units

            * Durations: `500ms`, `90s`, `2m`, `1m30s`, `1h`. A number without a unit is an error.
            * Rates: `200/s`, `12000/m`, `0.5/s`.

            ## The resolved experiment

            Each run directory holds the experiment as it was resolved, `1-experiment.yaml`: every default is written out, every path is absolute. It is an experiment file again.

            ## How this page is made

                ./mvnw -pl lab -am test -Dtest=ExperimentReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dheadroom.write-reference=true

            A test fails while the page or the schema differs from the code.
            """;

    private ExperimentReference() {}

    static String markdown() {
        StringBuilder text = new StringBuilder(HEAD);
        section(text, "The keys", "", ExperimentSchema.ROOT);
        StringBuilder metrics = new StringBuilder();
        for (Threshold.Metric metric : Threshold.Metric.values()) {
            metrics.append("| `")
                    .append(metric.word())
                    .append("` | ")
                    .append(metric.meaning())
                    .append(" | ")
                    .append(
                            String.join(
                                    ", ",
                                    metric.aggregations().stream()
                                            .map(a -> "`" + a.word() + "`")
                                            .toList()))
                    .append(" |\n");
        }
        return text.append(String.format(TAIL, metrics)).toString();
    }

    private static void section(
            StringBuilder text, String title, String path, Shape.Mapping mapping) {
        text.append("## ").append(title).append("\n\n");
        text.append("| key | takes | without it | meaning |\n|---|---|---|---|\n");
        for (Shape.Key key : mapping.keys()) {
            String fallback =
                    key.required()
                            ? "an error"
                            : key.fallback() == null ? "nothing" : code(key.fallback());
            text.append("| `").append(path).append(key.name()).append("` | ");
            text.append(cell(takes(key.shape()))).append(" | ");
            text.append(cell(fallback)).append(" | ");
            text.append(cell(key.meaning())).append(" |\n");
        }
        text.append('\n');
        for (Shape.Key key : mapping.keys()) {
            String below = path + key.name();
            switch (key.shape()) {
                case Shape.Mapping inner -> section(text, "`" + below + "`", below + ".", inner);
                case Shape.Named named when named.shape() instanceof Shape.Mapping inner ->
                        section(text, "`" + below + ".NAME`", below + ".NAME.", inner);
                default -> {
                    // It is said in its row.
                }
            }
        }
    }

    private static String takes(Shape shape) {
        return switch (shape) {
            case Shape.Mapping mapping ->
                    mapping.oneOf().isEmpty()
                            ? "a mapping, below"
                            : mapping.oneOf().size() == mapping.keys().size()
                                    ? "one of its keys"
                                    : "one of its keys "
                                            + String.join(", ", mapping.oneOf())
                                            + ", and the others";
            case Shape.Named named when named.shape() instanceof Shape.Mapping ->
                    named.words() + ", below";
            default -> shape.words();
        };
    }

    /** A default that would be written as it is stands as code. */
    private static String code(String fallback) {
        return fallback.matches("[0-9]+(ms|s|m|h)|/") ? "`" + fallback + "`" : fallback;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    /** JSON Schema, draft 2020-12. */
    static Map<String, Object> jsonSchema() {
        Map<String, Object> schema = new TreeMap<>(schema(ExperimentSchema.ROOT));
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Headroom experiment");
        return schema;
    }

    private static Map<String, Object> schema(Shape shape) {
        Map<String, Object> schema = new TreeMap<>();
        switch (shape) {
            case Shape.Mapping mapping -> {
                Map<String, Object> properties = new TreeMap<>();
                List<String> required = new ArrayList<>();
                for (Shape.Key key : mapping.keys()) {
                    Map<String, Object> property = new TreeMap<>(schema(key.shape()));
                    property.put("description", key.meaning());
                    properties.put(key.name(), property);
                    if (key.required()) {
                        required.add(key.name());
                    }
                }
                schema.put("type", "object");
                schema.put("properties", properties);
                schema.put("additionalProperties", false);
                schema.put("required", required);
                if (!mapping.oneOf().isEmpty()) {
                    schema.put(
                            "oneOf",
                            mapping.oneOf().stream()
                                    .map(name -> Map.of("required", List.of(name)))
                                    .toList());
                }
            }
            case Shape.Named named -> {
                schema.put("type", "object");
                schema.put("additionalProperties", schema(named.shape()));
                if (named.names() != null) {
                    schema.put("propertyNames", Map.of("enum", named.names()));
                }
            }
            case Shape.Items items -> {
                Map<String, Object> list = new TreeMap<>();
                list.put("type", "array");
                list.put("items", schema(items.item()));
                list.put("minItems", items.least());
                if (!items.orSingle()) {
                    return list;
                }
                schema.put("oneOf", List.of(schema(items.item()), list));
            }
            case Shape.Text text -> {
                schema.put("type", List.of("string", "number", "boolean"));
                schema.put("pattern", "^(" + text.pattern().pattern().replace("(?s)", "") + ")$");
            }
            case Shape.Word word -> schema.put("enum", word.choices());
            case Shape.Whole whole -> {
                schema.put("type", "integer");
                schema.put("minimum", whole.least());
                schema.put("maximum", whole.most());
            }
            case Shape.Span span -> {
                schema.put("type", "string");
                schema.put("pattern", "^(\\d+(\\.\\d+)?(ms|s|m|h))+$");
            }
            case Shape.Frequency frequency -> {
                schema.put("type", "string");
                schema.put("pattern", "^\\d+(\\.\\d+)?/(s|m|h)$");
            }
            case Shape.Existing existing -> {
                schema.put("type", "string");
                schema.put("minLength", 1);
            }
        }
        return schema;
    }
}
