package dev.headroom.lab.verdict;

import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.observe.TrafficSource;
import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The steps from the load's beginning to the fair share of the first pod that it brought, each with its source. */
final class Reaction {
    private final Run run;
    private final List<ReactionStep> steps = new ArrayList<>();
    private @Nullable Long last;

    private Reaction(Run run) {
        this.run = run;
    }

    /** Empty where the load brought no pod. */
    static List<ReactionStep> of(Run run) {
        List<Rise> rises = run.loadRises();
        return rises.isEmpty() ? List.of() : new Reaction(run).steps(rises.getFirst());
    }

    /** The slowest of the steps that take time; null where none was seen. */
    static @Nullable ReactionStep slowest(List<ReactionStep> steps) {
        ReactionStep slowest = null;
        for (ReactionStep step : steps) {
            Double seconds = step.seconds();
            Double most = slowest == null ? null : slowest.seconds();
            if (seconds != null && (most == null || seconds > most)) {
                slowest = step;
            }
        }
        return slowest;
    }

    private List<ReactionStep> steps(Rise rise) {
        step("load on", run.start(), "3-load.json start");
        step("first sample above target", aboveTarget(rise.at()), "metrics.k8s.io");
        step("decision", rise.at(), run.workload() + " spec.replicas");
        String pod = firstNew(rise);
        if (pod == null) {
            return steps;
        }
        String source = "Pod/" + pod + " ";
        step("pod created", since(pod, p -> true), source + "first seen");
        step(
                "scheduled",
                since(pod, p -> !Kube.text(p, "spec", "nodeName").isEmpty()),
                source + "spec.nodeName");
        step("started", since(pod, Kube::isRunning), source + "status.containerStatuses");
        step("ready", since(pod, Kube::isReady), source + "status.conditions[Ready]");
        TrafficSource traffic = TrafficSource.in(run.timeline().samples());
        String words = traffic == null ? "unknown" : traffic.words();
        step("first answer", traffic == null ? null : shareReached(pod, traffic, 0), words);
        step(
                "half its fair share",
                traffic == null ? null : shareReached(pod, traffic, Constants.ENOUGH_SHARE),
                words);
        return steps;
    }

    private void step(String name, @Nullable Long at, String source) {
        Double seconds = at == null || last == null ? null : Double.valueOf((at - last) / 1e3);
        steps.add(new ReactionStep(name, at, seconds, source));
        last = at == null ? last : at;
    }

    private @Nullable Long since(String pod, Predicate<JsonNode> isTrue) {
        return run.timeline().since("Pod", pod, isTrue);
    }

    /** The first pod that was first seen after the decision. */
    private @Nullable String firstNew(Rise rise) {
        String found = null;
        long first = Long.MAX_VALUE;
        for (String pod : run.timeline().pods()) {
            Long seen = since(pod, p -> true);
            // The decision and the pod come over two watches, in either order.
            if (seen != null && seen >= rise.at() - 1000 && seen > run.start() && seen < first) {
                first = seen;
                found = pod;
            }
        }
        return found;
    }

    /** When metrics above the target were first told, before the decision. */
    private @Nullable Long aboveTarget(long decision) {
        for (SeenPass pass : run.passes()) {
            if (pass.at() > decision + 3000) {
                break;
            }
            Long sampled = pass.sampled();
            if (Boolean.TRUE.equals(pass.asksForMore()) && sampled != null) {
                Long told =
                        run.timeline().metrics().stream()
                                .filter(m -> m.at() > run.start() && m.at() <= decision)
                                .filter(m -> tells(m.items(), sampled))
                                .map(m -> m.at())
                                .findFirst()
                                .orElse(null);
                // Its own time has whole seconds only; where it was read later than the autoscaler
                // read it, that is still the better one.
                return told != null
                        ? told
                        : Long.valueOf(Math.max(run.start(), Math.min(sampled, decision)));
            }
        }
        return null;
    }

    private boolean tells(List<JsonNode> items, long sampled) {
        for (JsonNode item : items) {
            Long time = Kube.time(item, "timestamp");
            if (time != null && run.place().here(time) == sampled) {
                return true;
            }
        }
        return false;
    }

    /** When a pod first got this part of its fair share in a second; with 0, when it first answered. */
    private @Nullable Long shareReached(String pod, TrafficSource source, double part) {
        List<Sample> samples = run.timeline().samples(run.start(), run.end());
        for (int i = 1; i < samples.size(); i++) {
            Sample before = samples.get(i - 1);
            Sample now = samples.get(i);
            double own = 0;
            double all = 0;
            int pods = 0;
            for (var each : now.pods()) {
                Traffic after = source.of(each);
                var earlier = before.pod(each.pod());
                Traffic then = earlier == null ? null : source.of(earlier);
                if (after == null) {
                    continue;
                }
                double grown = Math.max(0, after.answers() - (then == null ? 0 : then.answers()));
                all += grown;
                own += each.pod().equals(pod) ? grown : 0;
                pods += each.ready() ? 1 : 0;
            }
            if (own > 0 && pods > 0 && own / all >= part / pods) {
                return now.at();
            }
        }
        return null;
    }
}
