package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.Timeline.State;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Somebody else than the autoscaler sets the replicas under load, against its last decision. */
final class ContestedRule implements Rule {
    /** How long after a write the status of the pass that made it may be seen. */
    private static final long STATUS_LATE_MILLIS = 3000;

    private static final Set<String> CONTROLLERS =
            Set.of("kube-controller-manager", "horizontal-pod-autoscaler");

    @Override
    public Verdict verdict() {
        return Verdict.CONTESTED;
    }

    @Override
    public Outcome on(Run run) {
        if (run.autoscaler() == null) {
            return Outcome.no();
        }
        if (Lacking.watch(run, "workload") || Lacking.watch(run, "HorizontalPodAutoscaler")) {
            return new Outcome.Lacks("the changes of " + run.workload() + " and its autoscaler");
        }
        for (Rise.Write write : run.writes()) {
            Integer decided = decided(run, write.at());
            if (decided == null || decided == write.to() || isTheAutoscalers(run, write)) {
                continue;
            }
            String writer = write.writer().isEmpty() ? "somebody else" : write.writer();
            return new Outcome.Fires(
                    new Cause.Contested(writer, write.from(), write.to(), decided),
                    List.of(
                            new Evidence(
                                    write.at(),
                                    writer
                                            + " set the replicas from "
                                            + write.from()
                                            + " to "
                                            + write.to()
                                            + " "
                                            + run.since(write.at())
                                            + " into the load",
                                    write.from() + " to " + write.to(),
                                    run.workload() + " spec.replicas, metadata.managedFields"),
                            new Evidence(
                                    write.at(),
                                    "the autoscaler's last decision was " + Text.replicas(decided),
                                    String.valueOf(decided),
                                    run.hpa() + " status.desiredReplicas")));
        }
        return Outcome.no();
    }

    private static @Nullable Integer decided(Run run, long at) {
        var autoscaler = run.autoscaler();
        var hpa =
                autoscaler == null
                        ? null
                        : run.timeline().at("HorizontalPodAutoscaler", autoscaler.name(), at);
        boolean decided = hpa != null && Kube.at(hpa, "status", "conditions").size() > 0;
        return hpa == null || !decided ? null : Kube.whole(hpa, "status", "desiredReplicas");
    }

    private static boolean isTheAutoscalers(Run run, Rise.Write write) {
        if (!write.writer().isEmpty()) {
            return CONTROLLERS.contains(write.writer());
        }
        boolean event =
                run.timeline().events().stream()
                        .anyMatch(e ->
                                e.reason().equals("SuccessfulRescale")
                                        && Math.abs(e.at() - write.at()) <= STATUS_LATE_MILLIS
                                        && e.message().startsWith("New size: " + write.to() + ";"));
        var autoscaler = run.autoscaler();
        if (event || autoscaler == null) {
            return true;
        }
        for (State state : run.timeline().history("HorizontalPodAutoscaler", autoscaler.name())) {
            Integer desired = Kube.whole(state.object(), "status", "desiredReplicas");
            if (Math.abs(state.at() - write.at()) <= STATUS_LATE_MILLIS
                    && desired != null
                    && desired == write.to()) {
                return true;
            }
        }
        return false;
    }
}
