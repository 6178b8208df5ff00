package dev.headroom.cluster.node;

import dev.headroom.cluster.image.Catalogue;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.objects.Objects;
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
        StateDirectory state,
        String hostIp,
        double cpuScale) {}
