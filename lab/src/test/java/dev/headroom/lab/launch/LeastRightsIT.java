package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.Tools;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a cluster that is strict, as somebody's own may be: with exactly the rights of {@code deploy/access}, and with fewer. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class LeastRightsIT {
    private static final Path ACCESS = Program.HOME.resolve("deploy/access");

    /** Granted for what these runs do not meet: a container that ends, an HPA or Deployment that was there before. */
    private static final Set<String> UNUSED =
            Set.of(
                    "get pods/log",
                    "update apps/deployments",
                    "update autoscaling/horizontalpodautoscalers",
                    // A load from pods is a Job's, where there are Jobs.
                    "get batch/jobs",
                    "create batch/jobs",
                    "patch batch/jobs",
                    "delete batch/jobs");

    @TempDir private static Path shared;
    private static OwnCluster cluster;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws Exception {
        Tools.assumeWrk();
        cluster = OwnCluster.start(shared);
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Where no leases are served the claim is a ConfigMap, and its rights are a Lease's. */
    private static RbacRules rules(String namespace) throws IOException {
        RbacRules rules =
                RbacRules.of(namespace, ACCESS.resolve("role.yaml"), ACCESS.resolve("nodes.yaml"));
        if (cluster.client().hasApiGroup("coordination.k8s.io", true)) {
            return rules;
        }
        Set<String> namespaced = new TreeSet<>();
        for (String right : rules.namespaced()) {
            namespaced.add(right.replace("coordination.k8s.io/leases", "configmaps"));
        }
        return new RbacRules(namespace, namespaced, rules.ofCluster());
    }

    /** Every right that the role gives is used, and no other is asked for. */
    @Test
    void runsWithTheLeastRights() throws Exception {
        String namespace = cluster.namespace();
        Service before = cluster.somebodysService(namespace);
        RbacRules rules = rules(namespace);
        try (GuardedRun guarded = new GuardedRun(cluster, folder, namespace, rules)) {
            Program.Run run = guarded.start("3s");

            assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
            assertThat(run.printed())
                    .contains("removed what was created, restored what was changed");
            assertThat(guarded.api.denied()).isEmpty();
            cluster.assertClean(namespace);
            assertThat(cluster.service(namespace).getSpec()).isEqualTo(before.getSpec());
            Set<String> used = new TreeSet<>(guarded.api.used());
            // This one Service was there before; in other runs it is created and deleted, as the
            // other objects are here.
            used.addAll(Set.of("create services", "delete services"));
            Set<String> unused = new TreeSet<>(rules.all());
            unused.removeAll(used);
            assertThat(unused).isEqualTo(new TreeSet<>(UNUSED));
        }
    }

    @Test
    void runsWithoutASightOfNodesAndSaysWhatItLacks() throws Exception {
        String namespace = cluster.namespace();
        RbacRules rules = new RbacRules(namespace, rules(namespace).namespaced(), Set.of());
        try (GuardedRun guarded = new GuardedRun(cluster, folder, namespace, rules)) {
            Program.Run run = guarded.start("3s");

            assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
            assertThat(run.printed()).contains("removed what was created");
            assertThat(guarded.api.denied())
                    .isNotEmpty()
                    .allMatch(d -> d.contains("/api/v1/nodes"));
            assertThat(run.runDirectory().resolve("4-observations.jsonl"))
                    .content()
                    .contains(
                            "CPU use and throttling are unknown: get /api/v1/nodes/",
                            "is forbidden")
                    .contains("\"kind\":\"gap\"");
            cluster.assertClean(namespace);
        }
    }

    /** Without the right to a claim nothing is begun. */
    @Test
    void doesNotBeginWithoutItsClaim() throws Exception {
        String namespace = cluster.namespace();
        RbacRules rules = new RbacRules(namespace, Set.of(), Set.of());
        try (GuardedRun guarded = new GuardedRun(cluster, folder, namespace, rules)) {
            Program.Run run = guarded.start("3s");

            assertThat(run.exitCode()).as(run.printed()).isEqualTo(4);
            assertThat(run.printed())
                    .contains(
                            "the claim ",
                            " that keeps two runs apart can't be had: ",
                            "deploy/access");
            cluster.assertClean(namespace);
        }
    }
}
