package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.deploy.DeploymentRecord.Reason;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The target never became ready, so that no load was sent: by what its pods' statuses and events said. */
final class NeverReady {
    private static final Set<String> CRASHES =
            Set.of(
                    "CrashLoopBackOff",
                    "Error",
                    "OOMKilled",
                    "ContainerCannotRun",
                    "Completed",
                    "Terminated");
    private static final Set<String> NO_PLACE = Set.of("Unschedulable", "FailedScheduling");

    private NeverReady() {}

    /** Null where nothing is known that stood in the way. */
    static Outcome.@Nullable Fires of(DeploymentRecord deployment) {
        DeploymentRecord.Rollout rollout = deployment.rollout();
        if (rollout.ready()) {
            return null;
        }
        Reason telling = telling(rollout.reasons());
        if (telling == null) {
            return new Outcome.Fires(
                    new Cause.Missing(
                            Verdict.NOT_READY,
                            deployment.target().kind() + "/" + deployment.target().name(),
                            "NotReady",
                            rollout.readyReplicas() + " of " + rollout.replicas() + " are ready",
                            rollout.seconds(),
                            true),
                    List.of(replicas(deployment)));
        }
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(evidence(telling));
        for (Reason reason : rollout.reasons()) {
            if (!reason.equals(telling) && evidence.size() < 6) {
                evidence.add(evidence(reason));
            }
        }
        evidence.add(replicas(deployment));
        return new Outcome.Fires(
                new Cause.Missing(
                        verdict(telling),
                        telling.object(),
                        telling.reason(),
                        telling.message(),
                        rollout.seconds(),
                        true),
                evidence);
    }

    /** A crash before a reason of another kind, that before having no place; statuses before events, in the order given. */
    private static @Nullable Reason telling(List<Reason> reasons) {
        for (Verdict verdict :
                List.of(Verdict.CRASHING, Verdict.UNSCHEDULABLE, Verdict.NOT_READY)) {
            for (Reason reason : reasons) {
                if (!reason.source().equals("log") && verdict(reason) == verdict) {
                    return reason;
                }
            }
        }
        return null;
    }

    private static Verdict verdict(Reason reason) {
        if (CRASHES.contains(reason.reason())) {
            return Verdict.CRASHING;
        }
        return NO_PLACE.contains(reason.reason()) ? Verdict.UNSCHEDULABLE : Verdict.NOT_READY;
    }

    private static Evidence evidence(Reason reason) {
        return new Evidence(
                reason.at(),
                reason.object() + ": " + reason.message(),
                reason.reason(),
                "2-deployment.json rollout.reasons (" + reason.source() + ")");
    }

    private static Evidence replicas(DeploymentRecord deployment) {
        DeploymentRecord.Rollout rollout = deployment.rollout();
        String ready = rollout.readyReplicas() + " of " + rollout.replicas();
        return new Evidence(
                deployment.end(),
                ready
                        + " replicas were ready after "
                        + Text.seconds(rollout.seconds())
                        + ", when waiting ended",
                ready,
                "2-deployment.json rollout");
    }
}
