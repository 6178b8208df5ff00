package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.lint.Workload.Container;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What pods and the services before them say. */
final class WorkloadRules {
    private WorkloadRules() {}

    static List<Rule> all() {
        return List.of(
                new Rule(
                        "no-readiness-probe",
                        Severity.WARNING,
                        "A service's pod without a readiness probe",
                        "A new pod gets connections the moment its process exists: they fail until it listens. The autoscaler takes the CPU of its start for load.",
                        "Give the container a readinessProbe that answers once the program can serve; better with a startupProbe before it.",
                        "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-readiness-probes",
                        WorkloadRules::probes),
                new Rule(
                        "pinned-connections",
                        Severity.WARNING,
                        "A load balancer's keep-alive connections stay with old pods",
                        "A Service balances connections, not requests. Clients that keep theirs never meet the pods that were added: replicas rise, and nothing gets faster.",
                        "Let the server end connections after some seconds (as MAX_CONNECTION_AGE does here) and name it in the environment, or balance requests at layer 7. Where it is taken care of unseen, annotate the pod template: headroom.dev/connection-age.",
                        "https://kubernetes.io/docs/reference/networking/virtual-ips/",
                        WorkloadRules::pinned));
    }

    private static void probes(World world, Findings findings) {
        for (Workload workload : world.workloads().toList()) {
            Manifest object = workload.object();
            Container main = workload.main();
            boolean used =
                    !world.servicesOf(workload).isEmpty() || !world.autoscalersOf(object).isEmpty();
            if (used
                    && main != null
                    && !main.node().has("readinessProbe")
                    && workload.podSpec().path("readinessGates").isEmpty()) {
                findings.add(
                        object, main.key(), "container " + main.name() + " has no readiness probe");
            }
        }
    }

    private static void pinned(World world, Findings findings) {
        for (Workload workload : world.workloads().toList()) {
            boolean scaled =
                    world.autoscalersOf(workload.object()).stream()
                            .anyMatch(a -> a.maxReplicas() > 1);
            if (!scaled) {
                continue;
            }
            for (Manifest service : world.servicesOf(workload)) {
                String key = pinning(service, workload);
                if (key != null) {
                    findings.add(service, key, words(key, service, workload));
                }
            }
        }
    }

    private static @Nullable String pinning(Manifest service, Workload workload) {
        JsonNode spec = service.object().path("spec");
        if (spec.path("sessionAffinity").asString("").equals("ClientIP")) {
            return "spec.sessionAffinity";
        }
        boolean balancer = spec.path("type").asString("").equals("LoadBalancer");
        return balancer && !ConnectionAge.bounded(workload) ? "spec.type" : null;
    }

    private static String words(String key, Manifest service, Workload workload) {
        return key.equals("spec.type")
                ? "sends whole connections to pods of "
                        + workload.object().title()
                        + ", and nothing there says that it ever ends one"
                : service.title()
                        + " sends every client to the pod it had first, also when "
                        + workload.object().title()
                        + " gets more";
    }
}
