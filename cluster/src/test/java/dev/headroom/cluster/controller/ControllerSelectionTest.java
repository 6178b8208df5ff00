package dev.headroom.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.cluster.controller.ControllerSelection.Name;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the cases of upstream's {@code TestIsControllerEnabled}, in names that are served here. */
class ControllerSelectionTest {
    private static List<Name> running(String list) {
        ControllerSelection selection = ControllerSelection.parse(list);
        return Arrays.stream(Name.values()).filter(selection::runs).toList();
    }

    @Test
    void starIsAll() {
        assertThat(running("*")).containsExactly(Name.values());
        assertThat(running("*,deployment-controller")).containsExactly(Name.values());
    }

    @Test
    void namesAloneAreNothingElse() {
        assertThat(running("deployment-controller, namespace-controller"))
                .containsExactly(Name.NAMESPACE, Name.DEPLOYMENT);
        assertThat(running("-deployment-controller")).isEmpty();
    }

    @Test
    void whatIsLeftOutOfAllIsLeftOut() {
        assertThat(running("*,-deployment-controller"))
                .doesNotContain(Name.DEPLOYMENT)
                .hasSize(Name.values().length - 1);
        assertThat(running("-deployment-controller,*")).doesNotContain(Name.DEPLOYMENT);
    }

    @Test
    void whatIsSaidFirstCounts() {
        assertThat(running("deployment-controller,-deployment-controller,*"))
                .contains(Name.DEPLOYMENT);
        assertThat(running("-deployment-controller,deployment-controller,*"))
                .doesNotContain(Name.DEPLOYMENT);
    }

    @Test
    void theNamesOfBefore() {
        assertThat(
                        running(
                                "*,-deployment,-replicaset,-horizontalpodautoscaling,-endpointslice,-nodelifecycle"))
                .containsExactly(Name.NAMESPACE, Name.ENDPOINTS, Name.GARBAGE_COLLECTOR);
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThatThrownBy(() -> ControllerSelection.parse("*,-daemonset"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "\"daemonset\" is not in the list of known controllers: namespace-controller, ");
    }
}
