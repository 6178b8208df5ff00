package dev.headroom.cluster.node;

import dev.headroom.cluster.image.Catalogue;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.objects.Objects;
import java.nio.file.Path;
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
        Path pods,
        String clusterId,
        String hostIp,
        double cpuScale) {}
