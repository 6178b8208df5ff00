package dev.headroom.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Which changes of a node let pods be tried again: upstream's Test_nodeSchedulingPropertiesChange (1.34), and what a kubelet writes in between. */
class NodeChangeTest {
    private static ObjectNode node(String fields) {
        return ControlPlane.json(fields.isEmpty() ? "{}" : fields.replace("`", "'"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    nothing | {} | {} | false
                    cordoned | {`spec`:{`unschedulable`:false}} | {`spec`:{`unschedulable`:true}} | false
                    uncordoned | {`spec`:{`unschedulable`:true}} | {`spec`:{`unschedulable`:false}} | true
                    uncordoned, unsaid | {`spec`:{`unschedulable`:true}} | {`spec`:{}} | true
                    allocatable | {`status`:{`allocatable`:{`cpu`:`1`}}} | {`status`:{`allocatable`:{`cpu`:`2`}}} | true
                    capacity | {`status`:{`capacity`:{`cpu`:`1`}}} | {`status`:{`capacity`:{`cpu`:`2`}}} | false
                    label | {`metadata`:{`labels`:{`a`:`b`}}} | {`metadata`:{`labels`:{`a`:`c`}}} | true
                    no label | {`metadata`:{`labels`:{}}} | {`metadata`:{}} | false
                    annotation | {`metadata`:{`annotations`:{`a`:`b`}}} | {`metadata`:{}} | true
                    taint | {`spec`:{`taints`:[{`key`:`k`,`effect`:`NoSchedule`}]}} | {`spec`:{}} | true
                    no taint | {`spec`:{`taints`:[]}} | {`spec`:{}} | false
                    condition's status | {`status`:{`conditions`:[{`type`:`Ready`,`status`:`True`}]}} | {`status`:{`conditions`:[{`type`:`Ready`,`status`:`False`}]}} | true
                    condition's reason | {`status`:{`conditions`:[{`type`:`Ready`,`status`:`True`,`reason`:`A`}]}} | {`status`:{`conditions`:[{`type`:`Ready`,`status`:`True`,`reason`:`B`}]}} | false
                    conditions' order | {`status`:{`conditions`:[{`type`:`A`,`status`:`True`},{`type`:`B`,`status`:`True`}]}} | {`status`:{`conditions`:[{`type`:`B`,`status`:`True`},{`type`:`A`,`status`:`True`}]}} | false
                    heartbeat | {`metadata`:{`resourceVersion`:`1`},`status`:{`conditions`:[{`type`:`Ready`,`status`:`True`,`lastHeartbeatTime`:`2026-01-01T00:00:00Z`}]}} | {`metadata`:{`resourceVersion`:`2`},`status`:{`conditions`:[{`type`:`Ready`,`status`:`True`,`lastHeartbeatTime`:`2026-01-01T00:00:10Z`}]}} | false
                    """)
    void helpsWhereUpstreamSaysSo(String what, String before, String after, boolean helps) {
        assertThat(NodeChange.mayHelp(node(before), node(after))).as(what).isEqualTo(helps);
    }
}
