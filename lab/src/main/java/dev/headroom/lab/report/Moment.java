package dev.headroom.lab.report;

import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that happened at once, drawn as a vertical line through all plots: a decision, an event of a pod, a mark of the run itself.
 *
 * @param brief what is written above its line; empty where nothing is
 */
record Moment(long at, Kind kind, String what, String brief) {

    /** What happened. */
    enum Kind {
        DECISION("decision"),
        POD("pod"),
        RUN("run");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** In the order of time. */
    static List<Moment> of(Seen seen) {
        List<Moment> moments = new ArrayList<>();
        for (Observation.Mark mark : seen.marks()) {
            if (mark.what().equals("load-start") || mark.what().equals("load-end")) {
                String what = mark.what().replace('-', ' ');
                moments.add(new Moment(mark.at(), Kind.RUN, what, what));
            }
        }
        Map<String, JsonNode> before = new HashMap<>();
        for (Change change : seen.changes()) {
            String key = change.objectKind() + "/" + change.name();
            JsonNode old = before.get(key);
            switch (change.objectKind()) {
                case "HorizontalPodAutoscaler" -> decided(moments, change, old);
                case "Pod" -> pod(moments, change, old);
                case "Event", "ReplicaSet", "Service", "Node" -> {
                    // Their own tables tell of them, where it matters.
                }
                default -> resized(moments, change, old);
            }
            before.put(key, change.object());
        }
        moments.sort(Comparator.comparingLong(Moment::at));
        return moments;
    }

    private static void decided(List<Moment> moments, Change change, @Nullable JsonNode old) {
        Integer from = old == null ? null : Seen.whole(old, "status", "desiredReplicas");
        Integer to = Seen.whole(change.object(), "status", "desiredReplicas");
        // Before its first pass an autoscaler's status has 0, which it never decided.
        if (from != null && to != null && from != 0 && !from.equals(to)) {
            moments.add(
                    new Moment(
                            change.at(),
                            Kind.DECISION,
                            change.name() + " decided: " + from + " \u2192 " + to + " replicas",
                            from + " \u2192 " + to));
        }
    }

    private static void resized(List<Moment> moments, Change change, @Nullable JsonNode old) {
        Integer from = old == null ? null : Seen.whole(old, "spec", "replicas");
        Integer to = Seen.whole(change.object(), "spec", "replicas");
        if (from != null && to != null && !from.equals(to)) {
            moments.add(
                    new Moment(
                            change.at(),
                            Kind.DECISION,
                            change.name() + ": spec.replicas " + from + " \u2192 " + to,
                            from + " \u2192 " + to));
        }
    }

    private static void pod(List<Moment> moments, Change change, @Nullable JsonNode old) {
        JsonNode now = change.object();
        if (change.change().equals("DELETED")) {
            moments.add(ofPod(change, " is gone"));
            return;
        }
        if (old == null) {
            moments.add(ofPod(change, " created"));
        }
        if (restarts(now) > (old == null ? 0 : restarts(old))) {
            moments.add(ofPod(change, " restarted"));
        }
        boolean wasReady = old != null && ready(old);
        if (ready(now) != wasReady) {
            moments.add(ofPod(change, wasReady ? " not ready" : " ready"));
        }
        boolean wasEnding = old != null && !deletion(old).isEmpty();
        if (!deletion(now).isEmpty() && !wasEnding) {
            moments.add(ofPod(change, " is ending"));
        }
    }

    private static Moment ofPod(Change change, String what) {
        return new Moment(change.at(), Kind.POD, "pod " + change.name() + what, "");
    }

    private static String deletion(JsonNode pod) {
        return Seen.text(pod, "metadata", "deletionTimestamp");
    }

    private static int restarts(JsonNode pod) {
        int sum = 0;
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            sum += Objects.requireNonNullElse(Seen.whole(container, "restartCount"), 0);
        }
        return sum;
    }

    private static boolean ready(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (Seen.text(condition, "type").equals("Ready")) {
                return Seen.text(condition, "status").equals("True");
            }
        }
        return false;
    }
}
