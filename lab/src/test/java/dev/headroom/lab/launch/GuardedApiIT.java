package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.Tools;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a cluster that is strict and unreliable, as somebody's own may be: the least rights, requests refused and lost, an API server that goes away, a run that is killed. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class GuardedApiIT {
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

    private static final String AUTOSCALER =
            """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              minReplicas: 1
              maxReplicas: 2
              metrics:
              - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
            """;

    @TempDir private static Path shared;
    private static Program own;
    private static Path kubeconfig;
    private static KubernetesClient client;

    @TempDir private Path folder;
    private Program program;
    private SmallService service;
    private GuardedApi api;

    @BeforeAll
    static void cluster() throws Exception {
        Tools.assumeWrk();
        own = new Program(shared);
        Program.Run run = own.start("cluster", "--sync-period", "1s", "--metrics-window", "1s");
        run.awaitPrinted("kubeconfig");
        kubeconfig = Path.of(run.printed().strip());
        client =
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                        .build();
    }

    @AfterAll
    static void endCluster() {
        if (client != null) {
            client.close();
        }
        if (own != null) {
            own.endAll();
        }
    }

    @BeforeEach
    void files() throws IOException {
        program = new Program(folder);
        service = SmallService.in(program.workingDirectory());
        service.onAClusterOfOnesOwn();
        Files.writeString(service.service().resolveSibling("autoscaler.yaml"), AUTOSCALER);
    }

    @AfterEach
    void end() {
        program.endAll();
        if (api != null) {
            api.close();
        }
    }

    private Program.Run start(String duration, String... more) throws Exception {
        String[] arguments = new String[5 + more.length];
        System.arraycopy(more, 0, arguments, 5, more.length);
        arguments[0] = "run";
        arguments[1] = "--no-baseline";
        arguments[2] = "--kubeconfig";
        arguments[3] = api.kubeconfig(folder.resolve("guarded")).toString();
        arguments[4] = service.experiment(duration);
        return program.start(arguments);
    }

    private static void assertClean() {
        assertThat(client.apps().deployments().inNamespace("default").list().getItems()).isEmpty();
        assertThat(client.pods().inNamespace("default").list().getItems()).isEmpty();
        assertThat(client.configMaps().inNamespace("default").list().getItems())
                .extracting(m -> m.getMetadata().getName())
                .doesNotContain("headroom");
    }

    private static boolean servesLeases() {
        return client.hasApiGroup("coordination.k8s.io", true);
    }

    /** Where no leases are served the claim is a ConfigMap, and its rights are a Lease's. */
    private static RbacRules rules() throws IOException {
        RbacRules rules =
                RbacRules.of("default", ACCESS.resolve("role.yaml"), ACCESS.resolve("nodes.yaml"));
        if (servesLeases()) {
            return rules;
        }
        Set<String> namespaced = new TreeSet<>();
        for (String right : rules.namespaced()) {
            namespaced.add(right.replace("coordination.k8s.io/leases", "configmaps"));
        }
        return new RbacRules("default", namespaced, rules.ofCluster());
    }

    /** Every right that the role gives is used, and no other is asked for. */
    @Test
    void runsWithTheLeastRights() throws Exception {
        Service before =
                client.services()
                        .inNamespace("default")
                        .resource(
                                new ServiceBuilder()
                                        .withNewMetadata()
                                        .withName("web")
                                        .endMetadata()
                                        .withNewSpec()
                                        .addToSelector("app", "other")
                                        .addNewPort()
                                        .withPort(80)
                                        .endPort()
                                        .endSpec()
                                        .build())
                        .create();
        RbacRules rules = rules();
        api = new GuardedApi(kubeconfig, rules);
        Program.Run run = start("3s");

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed()).contains("removed what was created, restored what was changed");
        assertThat(api.denied()).isEmpty();
        assertClean();
        Service after = client.services().inNamespace("default").withName("web").get();
        assertThat(after.getSpec()).isEqualTo(before.getSpec());
        client.services().inNamespace("default").withName("web").delete();
        // This one Service was there before; in other runs it is created and deleted, as the other
        // objects are here.
        api.used().addAll(Set.of("create services", "delete services"));
        Set<String> unused = new TreeSet<>(rules.all());
        unused.removeAll(api.used());
        assertThat(unused).isEqualTo(new TreeSet<>(UNUSED));
    }

    @Test
    void runsWithoutASightOfNodesAndSaysWhatItLacks() throws Exception {
        api = new GuardedApi(kubeconfig, new RbacRules("default", rules().namespaced(), Set.of()));
        Program.Run run = start("3s");

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed()).contains("removed what was created");
        assertThat(api.denied()).isNotEmpty().allMatch(d -> d.contains("/api/v1/nodes"));
        assertThat(run.runDirectory().resolve("4-observations.jsonl"))
                .content()
                .contains("CPU use and throttling are unknown: get /api/v1/nodes/", "is forbidden")
                .contains("\"kind\":\"gap\"");
        assertClean();
    }

    /** Without the right to a claim nothing is begun. */
    @Test
    void doesNotBeginWithoutItsClaim() throws Exception {
        api = new GuardedApi(kubeconfig, new RbacRules("default", Set.of(), Set.of()));
        Program.Run run = start("3s");

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(4);
        assertThat(run.printed())
                .contains(
                        "the claim ", " that keeps two runs apart can't be had: ", "deploy/access");
        assertClean();
    }

    @Test
    void survivesRefusalsAndLostConnections() throws Exception {
        api = new GuardedApi(kubeconfig, null);
        AtomicInteger requests = new AtomicInteger();
        Map<String, Boolean> expired = new ConcurrentHashMap<>();
        api.faults(request -> {
            if (request.verb().equals("watch")) {
                boolean first = expired.putIfAbsent(request.right(), true) == null;
                return first ? GuardedApi.Fault.EXPIRED : GuardedApi.Fault.NONE;
            }
            int n = requests.incrementAndGet();
            return n % 7 == 0
                    ? GuardedApi.Fault.TOO_MANY_REQUESTS
                    : n % 11 == 0
                            ? GuardedApi.Fault.RESET
                            : n % 13 == 0
                                    ? GuardedApi.Fault.RESET_AFTER_IT_WAS_DONE
                                    : GuardedApi.Fault.NONE;
        });
        Program.Run run = start("5s");

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed())
                .contains("removed what was created, restored what was changed")
                .doesNotContain("clean-up:");
        assertThat(expired).isNotEmpty();
        assertClean();
    }

    /** It says first that it is not ready, then that it knows no rights; what was not seen meanwhile is said. */
    @Test
    void survivesAnApiServerThatIsStartedAnew() throws Exception {
        api = new GuardedApi(kubeconfig, null);
        Program.Run run = start("20s");
        run.awaitLoad();
        awayFor(Duration.ofSeconds(6));

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed()).contains("removed what was created, restored what was changed");
        assertThat(run.runDirectory().resolve("4-observations.jsonl"))
                .content()
                .contains("until the next sample nothing is known of the cluster");
        assertThat(run.runDirectory().resolve("5-verdict.json")).content().contains("unobserved");
        assertClean();
    }

    /** Also where it goes away just when the run cleans up. */
    @Test
    void cleansUpOnceTheApiServerIsBack() throws Exception {
        api = new GuardedApi(kubeconfig, null);
        CountDownLatch cleaning = new CountDownLatch(1);
        api.faults(request -> {
            if (request.verb().equals("delete")) {
                cleaning.countDown();
                return GuardedApi.Fault.RESET_AFTER_IT_WAS_DONE;
            }
            return GuardedApi.Fault.NONE;
        });
        Program.Run run = start("3s");
        assertThat(cleaning.await(120, TimeUnit.SECONDS)).isTrue();
        awayFor(Duration.ofSeconds(17));

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed())
                .contains("removed what was created, restored what was changed")
                .doesNotContain("clean-up:");
        assertClean();
    }

    private void awayFor(Duration time) throws IOException {
        api.goAway();
        // As long as it is away, there is nothing to wait for but time.
        LockSupport.parkNanos(time.toNanos());
        AtomicInteger requests = new AtomicInteger();
        api.faults(request -> {
            int n = requests.incrementAndGet();
            return n <= 5
                    ? GuardedApi.Fault.UNAVAILABLE
                    : n <= 10 ? GuardedApi.Fault.FORBIDDEN : GuardedApi.Fault.NONE;
        });
        api.comeBack();
    }

    /** Also the pods that send the load, which are no part of the experiment. */
    @Test
    void whatAKilledRunLeftIsRestored() throws Exception {
        api = new GuardedApi(kubeconfig, null);
        service.fromPods(2);
        Program.Run run = start("60s");
        run.awaitLoad();
        run.signal("KILL");
        run.process().waitFor();
        assertThat(client.services().inNamespace("default").withName("web").get()).isNotNull();

        Program.Run restored =
                program.run("restore", "--kubeconfig", folder.resolve("guarded").toString());
        assertThat(restored.exitCode()).as(restored.printed()).isZero();
        assertThat(restored.printed())
                .contains(
                        "watching for 30 s whether it still runs",
                        "Pod/headroom-load-",
                        "Service/web is gone",
                        "Deployment/web is gone");
        assertThat(client.services().inNamespace("default").withName("web").get()).isNull();
        assertClean();

        Program.Run again =
                program.run("restore", "--kubeconfig", folder.resolve("guarded").toString());
        assertThat(again.exitCode()).isZero();
        assertThat(again.printed()).contains("nothing is noted to be undone in namespace default");
    }
}
