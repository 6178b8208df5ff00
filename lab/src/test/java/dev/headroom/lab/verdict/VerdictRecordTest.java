package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.Plausible.Impossible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class VerdictRecordTest {
    private static ObjectNode judged() {
        return Json.mapper().valueToTree(Recording.autoscaling().judge());
    }

    private static VerdictRecord read(ObjectNode tree) {
        return Json.mapper().treeToValue(tree, VerdictRecord.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 99})
    void whatTheJudgeGivesIsPossible(int exitCode) {
        assertThat(read(judged().put("exitCode", exitCode)).impossible()).isNull();
    }

    @Test
    void anExitCodeThatNoVerdictHas() {
        assertThat(read(judged().put("exitCode", 7)).impossible())
                .isEqualTo(new Impossible("exitCode", "found 7; it takes one of 0, 3, 99"));
    }

    @Test
    void aWordThatIsNoVerdict() {
        Impossible found = read(judged().put("verdict", "scald")).impossible();
        assertThat(found).isNotNull();
        assertThat(found.key()).isEqualTo("verdict");
        assertThat(found.words()).startsWith("found \"scald\"; it takes one of invalid, ");
    }
}
