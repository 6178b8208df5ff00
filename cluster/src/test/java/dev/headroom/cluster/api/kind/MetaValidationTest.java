package dev.headroom.cluster.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The size of annotations, as upstream's TestValidateAnnotations has it: 256 KiB of keys and values, in bytes. */
class MetaValidationTest {
    private static final int LIMIT = 256 * 1024;

    private static List<Cause> faults(ObjectNode annotations) {
        Causes causes = new Causes();
        MetaValidation.annotations(annotations, "metadata.annotations", causes);
        return causes.list();
    }

    @Test
    void annotationsAreBoundedInBytes() {
        assertThat(faults(Json.object().put("a", "b".repeat(LIMIT - 1)))).isEmpty();
        assertThat(faults(Json.object().put("a", "b".repeat(LIMIT))))
                .containsExactly(
                        new Cause(
                                "FieldValueTooLong",
                                "Too long: may not be more than 262144 bytes",
                                "metadata.annotations"));
        ObjectNode two = Json.object().put("a", "b".repeat(LIMIT / 2 - 1));
        assertThat(faults(two.deepCopy().put("c", "d".repeat(LIMIT / 2 - 1)))).isEmpty();
        assertThat(faults(two.deepCopy().put("c", "d".repeat(LIMIT / 2)))).hasSize(1);
    }

    @Test
    void aCharacterIsAsLongAsItsUtf8() {
        assertThat(faults(Json.object().put("a", "é".repeat(LIMIT / 2 - 1) + "b"))).isEmpty();
        assertThat(faults(Json.object().put("a", "é".repeat(LIMIT / 2)))).hasSize(1);
        assertThat(faults(Json.object().put("a", "€".repeat(LIMIT / 3)))).isEmpty();
        assertThat(faults(Json.object().put("a", "€".repeat(LIMIT / 3 + 1)))).hasSize(1);
        assertThat(faults(Json.object().put("a", "😀".repeat(LIMIT / 4 - 1) + "bcd"))).isEmpty();
        assertThat(faults(Json.object().put("a", "😀".repeat(LIMIT / 4)))).hasSize(1);
    }
}
