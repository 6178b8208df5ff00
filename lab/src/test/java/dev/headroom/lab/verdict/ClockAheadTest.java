package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A cluster whose clock is minutes off is judged as one whose clock is not: what was seen is timed here, what objects and metrics say of themselves there. */
class ClockAheadTest {
    private static Recording ahead(Recording run, long seconds) {
        run.lines()
                .forEach(line -> {
                    shift(line.path("object"), seconds);
                    shift(line.path("items"), seconds);
                });
        return run.setting("clockAheadSeconds", seconds + ".0");
    }

    private static void shift(JsonNode node, long seconds) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(e -> e.setValue(shifted(e.getValue(), seconds)));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, shifted(array.get(i), seconds));
            }
        }
    }

    private static JsonNode shifted(JsonNode value, long seconds) {
        if (!value.isString()) {
            shift(value, seconds);
            return value;
        }
        try {
            return StringNode.valueOf(
                    Instant.parse(value.stringValue()).plusSeconds(seconds).toString());
        } catch (DateTimeParseException e) {
            return value;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-3600, -420, -5, 5, 420, 3600})
    void changesNothing(long seconds) {
        for (Supplier<Recording> run :
                List.<Supplier<Recording>>of(
                        Recording::autoscaling, Recording::unready, Recording::pinned)) {
            VerdictRecord here = run.get().judge();
            VerdictRecord there = ahead(run.get(), seconds).judge();
            assertThat(there.verdict()).isEqualTo(here.verdict());
            assertThat(there.sentence()).isEqualTo(here.sentence());
            assertThat(there.reaction()).isEqualTo(here.reaction());
            assertThat(there.findings()).isEqualTo(here.findings());
            assertThat(there.lacking()).isEqualTo(here.lacking());
        }
    }
}
