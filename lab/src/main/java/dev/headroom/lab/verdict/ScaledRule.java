package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.ArrayList;
import java.util.List;

/** Replicas rose by the load, every new pod has its share, the gain is enough, and nothing was harmed. */
final class ScaledRule implements Rule {
    @Override
    public Verdict verdict() {
        return Verdict.SCALED;
    }

    @Override
    public Outcome on(Run run) {
        List<Rise> rises = run.loadRises();
        if (rises.isEmpty()) {
            boolean unknown = run.rises().stream().anyMatch(r -> r.onLoad() == null);
            return unknown
                    ? new Outcome.Lacks("the metrics by which the replicas were raised")
                    : Outcome.no();
        }
        if (run.reachesOnePod()) {
            return new Outcome.Lacks(Lacking.wayIn());
        }
        Gain gain = Gain.of(run);
        if (gain == null || Boolean.FALSE.equals(gain.enough())) {
            return Outcome.no();
        }
        if (gain.enough() == null) {
            return new Outcome.Lacks("the gain");
        }
        Double least = gain.leastShare(run);
        if (least == null) {
            return new Outcome.Lacks(Lacking.answers());
        }
        if (least < Constants.ENOUGH_SHARE * gain.fairShare()) {
            return Outcome.no();
        }
        Harm.InWindows windows = TooLateRule.onTheWay(run, gain);
        if (Boolean.TRUE.equals(run.harm().overall()) || Boolean.TRUE.equals(windows.done())) {
            return Outcome.no();
        }
        if (run.harm().overall() == null || windows.done() == null) {
            return new Outcome.Lacks(Lacking.thresholds(run));
        }
        return fires(run, rises, gain, least);
    }

    private static Outcome fires(Run run, List<Rise> rises, Gain gain, double least) {
        List<Evidence> evidence = new ArrayList<>(gain.evidence());
        for (Rise rise : rises) {
            evidence.add(
                    new Evidence(
                            rise.at(),
                            "the autoscaler raised the replicas from "
                                    + rise.from()
                                    + " to "
                                    + rise.to()
                                    + " "
                                    + run.since(rise.at())
                                    + " into the load",
                            rise.from() + " to " + rise.to(),
                            run.workload() + " spec.replicas"));
        }
        for (PodShare pod : gain.added(run)) {
            if (pod.share() != null) {
                evidence.add(
                        new Evidence(
                                gain.after().start(),
                                "new pod "
                                        + pod.pod()
                                        + " gave "
                                        + Text.percent(pod.share())
                                        + " of the answers of the last phase; its fair share is "
                                        + Text.percent(gain.fairShare()),
                                Text.percent(pod.share()),
                                "4-observations.jsonl answers per pod"));
            }
        }
        return new Outcome.Fires(new Cause.Scaled(gain, least), evidence);
    }
}
