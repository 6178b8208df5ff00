package dev.headroom.cluster.node;

import dev.headroom.cluster.image.Catalogue;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.objects.Objects;
import java.math.BigDecimal;
import java.time.InstantSource;

/**
 * What everything on the node works with.
 *
 * @param cpuScale host CPUs that one node CPU stands for
 */
record NodeContext(
        Objects objects,
        EventRecorder events,
        InstantSource clock,
        Catalogue catalogue,
        Limits limits,
        MountSpace mountSpace,
        StateDirectory state,
        String hostIp,
        Size size,
        double cpuScale) {

    /**
     * What the node has to give.
     *
     * @param cpuMilli thousandths of node CPUs
     */
    record Size(long cpuMilli, long memoryBytes) {
        BigDecimal allocatable(String resource) {
            return switch (resource) {
                case "cpu" -> BigDecimal.valueOf(cpuMilli, 3);
                case "memory" -> BigDecimal.valueOf(memoryBytes);
                default -> BigDecimal.ZERO;
            };
        }
    }
}
