package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Asks every rule about a world. */
public final class Linter {
    /** An annotation that names, with commas between, the rules that are known and accepted for its object. */
    public static final String IGNORE = "headroom.dev/lint-ignore";

    private Linter() {}

    /** Every rule, in the order of the documentation. */
    public static List<Rule> rules() {
        return Stream.of(
                        RequestRules.all(),
                        AutoscalerRules.all(),
                        WorkloadRules.all(),
                        ClusterRules.all(),
                        ValidityRules.all())
                .flatMap(List::stream)
                .toList();
    }

    /** What they found, by file and line. */
    public static List<Finding> lint(World world) {
        List<Finding> found = new ArrayList<>();
        for (Rule rule : rules()) {
            rule.check()
                    .look(
                            world,
                            (object, key, message) -> {
                                if (!ignored(object, rule)) {
                                    found.add(new Finding(rule, object, key, message));
                                }
                            });
        }
        found.sort(
                Comparator.comparing((Finding f) -> f.object().file())
                        .thenComparingInt(Finding::line)
                        .thenComparing(Finding::objectName)
                        .thenComparing(f -> f.rule().id()));
        return found;
    }

    private static boolean ignored(Manifest object, Rule rule) {
        String names =
                object.object().path("metadata").path("annotations").path(IGNORE).asString("");
        return Arrays.stream(names.split(",", -1)).map(String::strip).anyMatch(rule.id()::equals);
    }
}
