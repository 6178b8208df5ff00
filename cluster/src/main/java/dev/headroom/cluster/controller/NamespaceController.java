package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Gives every namespace its default service account, and empties those that are to be deleted. */
final class NamespaceController implements Controller {
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final List<ResourceType> CONTENT =
            List.of(
                    ResourceType.HORIZONTAL_POD_AUTOSCALER,
                    ResourceType.DEPLOYMENT,
                    ResourceType.REPLICA_SET,
                    ResourceType.POD,
                    ResourceType.SERVICE,
                    ResourceType.ENDPOINTS,
                    ResourceType.ENDPOINT_SLICE,
                    ResourceType.CONFIG_MAP,
                    ResourceType.SECRET,
                    ResourceType.SERVICE_ACCOUNT,
                    ResourceType.POD_DISRUPTION_BUDGET,
                    ResourceType.NETWORK_POLICY,
                    ResourceType.LEASE,
                    ResourceType.EVENT);

    private final Objects objects;
    private final WorkQueue queue;
    private final Informer namespaces;

    NamespaceController(Objects objects) {
        this.objects = objects;
        this.queue = WorkQueue.start("namespace", 1, this::reconcile);
        this.namespaces =
                Informer.start(
                        objects,
                        ResourceType.NAMESPACE,
                        Query.ALL,
                        (before, after) -> {
                            if (after != null) {
                                queue.add(Trees.key(after));
                            }
                        });
    }

    private void reconcile(String none, String name) {
        ObjectNode namespace;
        try {
            namespace = objects.get(ResourceType.NAMESPACE, "", name);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return;
            }
            throw e;
        }
        if (!Trees.isDeleting(namespace)) {
            createServiceAccount(name);
            return;
        }
        int left = 0;
        for (ResourceType type : CONTENT) {
            for (ObjectNode object : objects.list(type, name, Query.ALL).items()) {
                left++;
                delete(type, name, object);
            }
        }
        if (left > 0) {
            queue.addAfter("/" + name, AGAIN);
            return;
        }
        ObjectNode finished = namespace.deepCopy();
        Trees.ensure(finished, "spec").remove("finalizers");
        objects.updateSubresource(ResourceType.NAMESPACE, "", name, "finalize", finished);
    }

    private void delete(ResourceType type, String namespace, ObjectNode object) {
        if (Trees.isDeleting(object)) {
            return;
        }
        try {
            objects.delete(type, namespace, Trees.name(object), DeleteOptions.DEFAULT);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private void createServiceAccount(String namespace) {
        ObjectNode account = Trees.object();
        account.putObject("metadata").put("name", "default");
        try {
            objects.get(ResourceType.SERVICE_ACCOUNT, namespace, "default");
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            objects.create(ResourceType.SERVICE_ACCOUNT, namespace, account);
        }
    }

    @Override
    public void close() {
        namespaces.close();
        queue.close();
    }
}
