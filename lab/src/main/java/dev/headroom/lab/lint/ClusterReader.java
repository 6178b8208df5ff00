package dev.headroom.lab.lint;

import dev.headroom.lab.deploy.ApiAnswer;
import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.ClusterGoneException;
import dev.headroom.lab.experiment.Manifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the objects of one namespace, and of the cluster around it what the rules need. Changes nothing. */
public final class ClusterReader {
    private static final Path FILE = Path.of("cluster");

    /** Without these nothing was looked at, and nothing found would be no good news. */
    private static final Set<String> NEEDED = Set.of("Deployment", "HorizontalPodAutoscaler");

    private final Cluster cluster;
    private final List<Manifest> objects = new ArrayList<>();
    private final List<String> notSeen = new ArrayList<>();

    private ClusterReader(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * The world of the cluster's namespace. What may not be read is named in it.
     *
     * @throws ClusterGoneException where the cluster does not answer
     */
    public static World read(Cluster cluster) throws ClusterGoneException, InterruptedException {
        return new ClusterReader(cluster).read();
    }

    private World read() throws ClusterGoneException, InterruptedException {
        for (String kind : List.of("Deployment", "StatefulSet", "ReplicaSet")) {
            list("apps/v1", kind, true);
        }
        list("v1", "ReplicationController", true);
        list("v1", "Service", true);
        list("v1", "LimitRange", true);
        list("autoscaling/v2", "HorizontalPodAutoscaler", true);
        list("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", true);
        list("policy/v1", "PodDisruptionBudget", true);
        list("v1", "Node", false);
        list("v1", "Pod", false);
        // What a Deployment makes is looked at in the Deployment.
        objects.removeIf(o ->
                o.kind().equals("ReplicaSet")
                        && !o.object().path("metadata").path("ownerReferences").isEmpty());
        return World.ofCluster(objects, served(), notSeen);
    }

    private void list(String apiVersion, String kind, boolean namespaced)
            throws ClusterGoneException, InterruptedException {
        String path =
                (apiVersion.contains("/") ? "/apis/" : "/api/")
                        + apiVersion
                        + (namespaced ? "/namespaces/" + cluster.namespace() : "")
                        + "/"
                        + plural(kind);
        ApiAnswer answer = cluster.get(path);
        if (answer.code() == 404) {
            // The cluster does not know the kind, so there are none.
            return;
        }
        if (!answer.ok() && (answer.code() == 401 || NEEDED.contains(kind))) {
            throw new ClusterGoneException("GET " + path + ": " + answer.message(), null);
        }
        if (!answer.ok()) {
            notSeen.add(plural(kind) + ": " + answer.message());
            return;
        }
        for (JsonNode item : answer.json().path("items")) {
            if (item instanceof ObjectNode object) {
                // Items of a list don't say what they are.
                object.put("apiVersion", apiVersion).put("kind", kind);
                objects.add(new Manifest(FILE, 0, object, Map.of()));
            }
        }
    }

    private static String plural(String kind) {
        return kind.toLowerCase(Locale.ROOT) + "s";
    }

    /** Of the API groups that the autoscalers need. */
    private Map<String, Boolean> served() throws ClusterGoneException, InterruptedException {
        Map<String, Boolean> served = new TreeMap<>();
        for (Manifest object : objects) {
            if (!object.kind().equals("HorizontalPodAutoscaler")) {
                continue;
            }
            for (Autoscaler.Metric metric : new Autoscaler(object).metrics()) {
                String group = ClusterRules.group(metric);
                if (!served.containsKey(group)) {
                    served.put(group, serves(group));
                }
            }
        }
        return served;
    }

    /** A group whose server is away is still listed, but its version does not answer. */
    private boolean serves(String group) throws ClusterGoneException, InterruptedException {
        ApiAnswer found = cluster.get("/apis/" + group);
        if (!found.ok()) {
            return false;
        }
        String version =
                found.json()
                        .path("preferredVersion")
                        .path("groupVersion")
                        .asString(group + "/v1beta1");
        return cluster.get("/apis/" + version).ok();
    }
}
