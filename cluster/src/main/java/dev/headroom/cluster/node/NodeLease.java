package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import tools.jackson.databind.node.ObjectNode;

/**
 * A node's Lease, by whose renewal others tell that the node lives (KEP-589), and at longer intervals the times in its status; as the
 * kubelet keeps them.
 */
final class NodeLease implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NodeLease.class.getName());
    private static final String NAMESPACE = "kube-node-lease";
    private static final int SECONDS = 40;
    private static final Duration RENEWED_EVERY = Duration.ofSeconds(SECONDS / 4);

    /** A status without news is written every five minutes (the kubelet's nodeStatusReportFrequency). */
    private static final int RENEWALS_A_STATUS = 30;

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Objects objects;
    private final String node;
    private final InstantSource clock;
    private final Thread renewing;

    private NodeLease(Objects objects, String node, InstantSource clock) {
        this.objects = objects;
        this.node = node;
        this.clock = clock;
        this.renewing = Thread.ofVirtual().name("lease-" + node).unstarted(this::keepRenewing);
    }

    /** Takes it, and renews it until closed. */
    static NodeLease hold(Objects objects, String node, InstantSource clock) {
        NodeLease lease = new NodeLease(objects, node, clock);
        lease.renew();
        lease.renewing.start();
        return lease;
    }

    private void keepRenewing() {
        try {
            for (long renewals = 1; ; renewals++) {
                Thread.sleep(RENEWED_EVERY);
                renew();
                if (renewals % RENEWALS_A_STATUS == 0) {
                    beat();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() {
        try {
            NodeObject.beat(objects, node, clock.instant());
        } catch (ApiException e) {
            LOG.log(Level.DEBUG, "node {0} told nothing of itself: {1}", node, e.getMessage());
        }
    }

    /** Whoever deleted it gets a new one, but not where the node itself was deleted. */
    private void renew() {
        ObjectNode change = Trees.object();
        change.putObject("spec").put("renewTime", MICROS.format(clock.instant()));
        try {
            objects.mergePatch(ResourceType.LEASE, NAMESPACE, node, null, change);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                create(change);
            } else {
                LOG.log(Level.WARNING, "the lease of node " + node + " was not renewed", e);
            }
        }
    }

    private void create(ObjectNode lease) {
        try {
            ObjectNode owner = objects.get(ResourceType.NODE, "", node);
            ObjectNode metadata =
                    lease.putObject("metadata").put("name", node).put("namespace", NAMESPACE);
            metadata.putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "v1")
                    .put("kind", "Node")
                    .put("name", node)
                    .put("uid", Trees.uid(owner));
            Trees.ensure(lease, "spec")
                    .put("holderIdentity", node)
                    .put("leaseDurationSeconds", SECONDS);
            objects.create(ResourceType.LEASE, NAMESPACE, lease);
        } catch (ApiException e) {
            LOG.log(Level.DEBUG, "node {0} has no lease: {1}", node, e.getMessage());
        }
    }

    @Override
    public void close() {
        renewing.interrupt();
    }
}
