package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.verdict.Timeline.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The autoscaler's passes, from the changes of its status.
 *
 * <p>A pass that changes nothing is not written, so between two changes the passes are counted by the period. What a pass asked for is computed again from
 * the metrics around it: the metrics API is read every two seconds, so that the one before and the one after come into question; the one that gives the utilization
 * reported is the one it used.
 */
final class Passes {
    /** How long after a pass the metrics that it used may have been read by the observer. */
    private static final long READ_LATE_MILLIS = 4000;

    private final Timeline timeline;
    private final Recomputation recomputation;
    private final String name;
    private final long period;

    private Passes(Timeline timeline, Recomputation recomputation, String name, long period) {
        this.timeline = timeline;
        this.recomputation = recomputation;
        this.name = name;
        this.period = period;
    }

    /** Those under load, in the order of time; empty without an autoscaler. */
    static List<SeenPass> of(
            DeploymentRecord deployment, LoadRecord load, Timeline timeline, Place place) {
        DeploymentRecord.Autoscaler autoscaler = deployment.target().autoscaler();
        if (autoscaler == null) {
            return List.of();
        }
        Passes passes =
                new Passes(
                        timeline,
                        new Recomputation(place, deployment.target().selector()),
                        autoscaler.name(),
                        place.syncMillis());
        return passes.all(load.end()).stream()
                .filter(p -> p.at() > load.start() && p.at() <= load.end())
                .toList();
    }

    private List<SeenPass> all(long end) {
        List<SeenPass> passes = new ArrayList<>();
        JsonNode before = null;
        for (State state : timeline.history("HorizontalPodAutoscaler", name)) {
            JsonNode status = state.object().path("status");
            boolean decided = Kube.at(status, "conditions").size() > 0;
            if (state.deleted() || !decided || status.equals(before)) {
                continue;
            }
            before = status;
            fill(passes, state.at());
            passes.add(seen(state));
        }
        fill(passes, end + period);
        return passes;
    }

    private void fill(List<SeenPass> passes, long until) {
        if (passes.isEmpty()) {
            return;
        }
        SeenPass last = passes.getLast();
        for (long at = last.at() + period; at < until - period / 2; at += period) {
            if (!timeline.isUnseen(at)) {
                passes.add(later(last, at));
            }
        }
    }

    /**
     * A pass that left no trace: it found what the status says already. Where the metrics of that moment give something else, nobody looked at them.
     */
    private SeenPass later(SeenPass last, long at) {
        boolean comparable =
                readAfter(at) && Boolean.TRUE.equals(last.active()) && last.utilization() != null;
        Candidate candidate =
                comparable ? candidate(last.hpa(), last.desired(), at, last.utilization()) : null;
        Integer found = candidate == null ? null : candidate.result().utilization();
        Integer asked = candidate == null ? null : candidate.result().asked();
        if (found == null || asked == null || found.equals(last.utilization())) {
            return last.unchanged(at);
        }
        return asked > last.desired() ? last.missed(at, found, asked) : last.stale(at);
    }

    private SeenPass seen(State state) {
        JsonNode hpa = state.object();
        int desired = whole(hpa, 0, "status", "desiredReplicas");
        int current = whole(hpa, desired, "status", "currentReplicas");
        boolean blind = Kube.isCondition(hpa, "ScalingActive", "False");
        Integer reported = blind ? null : reported(hpa);
        Candidate candidate = blind ? null : candidate(hpa, current, state.at(), reported);
        return new SeenPass(
                state.at(),
                SeenPass.Trace.SEEN,
                hpa,
                current,
                desired,
                whole(hpa, 1, "spec", "minReplicas"),
                whole(hpa, Integer.MAX_VALUE, "spec", "maxReplicas"),
                reported,
                candidate == null ? null : asked(candidate, hpa, current, reported),
                candidate == null || !readAfter(state.at()) || timeline.isSeenLate(state.at())
                        ? null
                        : difference(candidate, reported),
                candidate == null ? null : candidate.sampled());
    }

    /** Whether the metrics that a pass used must have been read: at the end of a run they may have come after the last reading. */
    private boolean readAfter(long at) {
        List<Observation.Sample> samples = timeline.samples();
        return !samples.isEmpty() && samples.getLast().at() >= at + READ_LATE_MILLIS;
    }

    /** As recomputed; where the metrics that it used were not seen, by the utilization that it reports. */
    private @Nullable Integer asked(
            Candidate candidate, JsonNode hpa, int current, @Nullable Integer reported) {
        if (Objects.equals(candidate.result().utilization(), reported)) {
            return candidate.result().asked();
        }
        return reported == null ? null : recomputation.byUtilization(hpa, current, reported);
    }

    private static int whole(JsonNode object, int otherwise, String... path) {
        Integer value = Kube.whole(object, path);
        return value == null ? otherwise : value;
    }

    /** CPU utilization of the first metric that is one, as the status reports it. */
    static @Nullable Integer reported(JsonNode hpa) {
        for (JsonNode metric : Kube.at(hpa, "status", "currentMetrics")) {
            for (String source : List.of("resource", "containerResource")) {
                Integer percent = Kube.whole(metric, source, "current", "averageUtilization");
                if (percent != null) {
                    return percent;
                }
            }
        }
        return null;
    }

    private record Candidate(Recomputation.Result result, @Nullable Long sampled) {}

    private @Nullable Candidate candidate(
            JsonNode hpa, int current, long at, @Nullable Integer reported) {
        if (Recomputation.lacking(hpa) != null) {
            return null;
        }
        List<JsonNode> pods = pods(at);
        Candidate first = null;
        for (Observation.Metrics told : around(at)) {
            if (!areKnown(told)) {
                continue;
            }
            Recomputation.Result result = recomputation.ask(hpa, current, pods, told, at, false);
            Candidate candidate = new Candidate(result, sampled(told));
            if (Objects.equals(result.utilization(), reported)) {
                return candidate;
            }
            first = first == null ? candidate : first;
        }
        return first;
    }

    /** Whether the pods that it measured were ever seen: without them it can't be told what they request, and which of them count. */
    private boolean areKnown(Observation.Metrics told) {
        return told.items().stream()
                .noneMatch(
                        i -> timeline.history("Pod", Kube.text(i, "metadata", "name")).isEmpty());
    }

    /** The last before it, the first after it if soon, and the one before the last. */
    private List<Observation.Metrics> around(long at) {
        List<Observation.Metrics> before = new ArrayList<>();
        List<Observation.Metrics> around = new ArrayList<>();
        for (Observation.Metrics told : timeline.metrics()) {
            if (told.at() <= at) {
                before.addFirst(told);
            } else if (told.at() <= at + READ_LATE_MILLIS) {
                around.add(told);
            }
        }
        for (int i = 0; i < Math.min(2, before.size()); i++) {
            around.add(i == 0 ? 0 : around.size(), before.get(i));
        }
        return around;
    }

    List<JsonNode> pods(long at) {
        List<JsonNode> pods = new ArrayList<>();
        for (String pod : timeline.pods()) {
            JsonNode object = timeline.at("Pod", pod, at);
            if (object != null) {
                pods.add(object);
            }
        }
        return pods;
    }

    private @Nullable Long sampled(Observation.Metrics told) {
        Long newest = null;
        for (JsonNode item : told.items()) {
            Long time = Kube.time(item, "timestamp");
            newest = time == null || (newest != null && newest > time) ? newest : time;
        }
        return newest == null ? null : Long.valueOf(recomputation.here(newest));
    }

    private static @Nullable String difference(Candidate candidate, @Nullable Integer reported) {
        Integer computed = candidate.result().utilization();
        if (Objects.equals(computed, reported)) {
            return null;
        }
        return "reported "
                + (reported == null ? "no utilization" : reported + " %")
                + ", recomputed "
                + (computed == null ? "none" : computed + " %");
    }

    /** What a pass would have asked for had every running pod counted; null where that can't be computed. */
    static @Nullable Integer hadAllCounted(
            DeploymentRecord deployment, Timeline timeline, Place place, SeenPass pass) {
        if (Recomputation.lacking(pass.hpa()) != null) {
            return null;
        }
        Passes passes =
                new Passes(
                        timeline,
                        new Recomputation(place, deployment.target().selector()),
                        "",
                        place.syncMillis());
        List<Observation.Metrics> around = passes.around(pass.at());
        if (around.isEmpty()) {
            return null;
        }
        return passes.recomputation
                .ask(
                        pass.hpa(),
                        pass.current(),
                        passes.pods(pass.at()),
                        around.getFirst(),
                        pass.at(),
                        true)
                .asked();
    }
}
