package dev.headroom.lab.verdict;

import dev.headroom.lab.observe.Observation.Change;
import dev.headroom.lab.observe.Observation.Metrics;
import dev.headroom.lab.verdict.SeenPass.Trace;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Objects of a {@link Small} run as a watch tells them: the few fields that the rules read. Times are seconds since the load began. */
final class Watched {
    /** What an autoscaler says whose pods are all left out. */
    static final String NO_METRICS =
            "failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)";

    private Watched() {}

    static String time(double seconds) {
        return Instant.ofEpochMilli(Small.at(seconds)).toString();
    }

    /** A running pod with a readiness probe, started a hundred seconds before the load. */
    static Change pod(double at, String name, boolean ready) {
        return pod(at, name, ready, at);
    }

    /** The same, ready or not since another moment. */
    static Change pod(double at, String name, boolean ready, double since) {
        return changed(
                at,
                "Pod",
                name,
                """
                {"metadata":{"name":"%s","creationTimestamp":"%s"},
                 "spec":{"containers":[{"name":"web","readinessProbe":{"httpGet":{"path":"/ready"}}}]},
                 "status":{"phase":"Running","startTime":"%s",
                  "conditions":[{"type":"Ready","status":"%s","lastTransitionTime":"%s"}],
                  "containerStatuses":[{"name":"web","restartCount":0,"state":{"running":{}}}]}}
                """
                        .formatted(
                                name,
                                time(-100),
                                time(-100),
                                ready ? "True" : "False",
                                time(since)));
    }

    static Change changed(double at, String kind, String name, String json) {
        return new Change(Small.at(at), "MODIFIED", kind, name, Recording.tree(json));
    }

    /** An autoscaler that has decided so many replicas. */
    static Change decided(double at, int replicas) {
        return changed(
                at,
                "HorizontalPodAutoscaler",
                "web",
                """
                {"status":{"desiredReplicas":%d,"conditions":[{"type":"AbleToScale","status":"True"}]}}
                """
                        .formatted(replicas));
    }

    /** The target, with its managers in their order: name, and when it took the replicas. */
    static Change deployment(double at, int replicas, String... managers) {
        ObjectNode object = Recording.tree("{\"metadata\":{},\"spec\":{}}");
        Recording.object(object, "spec").put("replicas", replicas);
        for (String manager : managers) {
            String[] parts = manager.split(" ", 2);
            ObjectNode entry = object.withObject("metadata").withArray("managedFields").addObject();
            entry.put("manager", parts[0]).put("subresource", "scale");
            entry.put("time", time(Double.parseDouble(parts[1])));
            entry.putObject("fieldsV1").putObject("f:spec").putObject("f:replicas");
        }
        return new Change(Small.at(at), "MODIFIED", "Deployment", "web", object);
    }

    static Change event(double at, String kind, String name, String reason, String message) {
        ObjectNode object = Recording.tree("{}");
        object.putObject("involvedObject").put("kind", kind).put("name", name);
        object.put("reason", reason).put("message", message);
        return new Change(Small.at(at), "ADDED", "Event", name + "." + at, object);
    }

    /** A pod's sample over 15 s, which was taken at one moment and read at another. */
    static Metrics metrics(double read, String pod, double taken) {
        JsonNode item =
                Recording.tree(
                        """
                        {"metadata":{"name":"%s"},"timestamp":"%s","window":"15s","containers":[]}
                        """
                                .formatted(pod, time(taken)));
        return new Metrics(Small.at(read), List.of(item), null);
    }

    /** A pass that had its metric and asked for so many replicas; nothing else is known of it. */
    static SeenPass pass(double at, int current, int max, @Nullable Integer asked) {
        return pass(at, current, max, asked, current, null);
    }

    static SeenPass pass(
            double at,
            int current,
            int max,
            @Nullable Integer asked,
            int desired,
            @Nullable Double sampled) {
        return new SeenPass(
                Small.at(at),
                Trace.SEEN,
                Recording.tree(
                        "{\"status\":{\"conditions\":[{\"type\":\"ScalingActive\",\"status\":\"True\"}]}}"),
                current,
                desired,
                1,
                max,
                null,
                asked,
                null,
                sampled == null ? null : Long.valueOf(Small.at(sampled)));
    }

    /** A pass without any metric, since its pods were left out. */
    static SeenPass blind(double at) {
        return new SeenPass(
                Small.at(at),
                Trace.SEEN,
                Recording.tree(
                        """
                        {"status":{"conditions":[{"type":"ScalingActive","status":"False",
                         "reason":"FailedGetResourceMetric","message":"%s"}]}}
                        """
                                .formatted(NO_METRICS)),
                1,
                1,
                1,
                5,
                null,
                null,
                null,
                null);
    }
}
