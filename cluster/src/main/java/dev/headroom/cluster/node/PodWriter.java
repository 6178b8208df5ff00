package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.lang.System.Logger.Level;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a node writes of its pods: their status, and that they are gone. */
final class PodWriter {
    private static final System.Logger LOG = System.getLogger(PodWriter.class.getName());

    private PodWriter() {}

    /** Writes a pod's status; false where the pod is no longer there. */
    static boolean status(Objects objects, JsonNode pod, ObjectNode status) {
        ObjectNode patch = Trees.object();
        patch.set("status", status);
        try {
            objects.mergePatch(
                    ResourceType.POD, Trees.namespace(pod), Trees.name(pod), "status", patch);
            return true;
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return false;
            }
            throw e;
        }
    }

    /** Removes a pod of which nothing runs any more; one of its name that came after it stays. */
    static void remove(Objects objects, JsonNode pod) {
        try {
            objects.delete(
                    ResourceType.POD,
                    Trees.namespace(pod),
                    Trees.name(pod),
                    DeleteOptions.now(Trees.uid(pod)));
        } catch (ApiException e) {
            boolean gone = e.isNotFound() || e.isConflict();
            LOG.log(
                    gone ? Level.DEBUG : Level.WARNING,
                    "pod {0} was not removed: {1}",
                    Trees.key(pod),
                    e.getMessage());
        }
    }
}
