package dev.headroom.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.api.ApiServer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The autoscaler's controller over a real API server in process: what it takes from objects and metrics, and what it leaves in scale, status
 * and events. The texts are those of Kubernetes. Its clock is the real one, put forward at will; nothing else runs, so pods stand still.
 */
class HorizontalControllerTest {
    private static final Duration PERIOD = Duration.ofMillis(30);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir Path directory;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final List<ObjectNode> usages = new CopyOnWriteArrayList<>();
    private ApiServer server;
    private Objects objects;
    private @Nullable HorizontalController controller;

    @BeforeEach
    void start() throws Exception {
        server =
                ApiServer.start(
                        new ApiServer.Options(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                directory.resolve("kubeconfig"),
                                "test",
                                n -> "127.9.240." + n,
                                200,
                                List.of(metrics()),
                                this::now));
        objects = server.client("test");
        objects.create(ResourceType.DEPLOYMENT, "default", deployment());
    }

    @AfterEach
    void stop() {
        if (controller != null) {
            controller.close();
        }
        server.close();
    }

    private Instant now() {
        return Instant.now().plus(ahead.get());
    }

    private void control() throws InterruptedException {
        controller =
                new HorizontalController(
                        server.client("kube-controller-manager"), this::now, PERIOD);
    }

    private VirtualResource metrics() {
        return new VirtualResource() {
            @Override
            public ResourceType type() {
                return ResourceType.POD_METRICS;
            }

            @Override
            public List<ObjectNode> list(@Nullable String namespace) {
                return List.copyOf(usages);
            }

            @Override
            public Optional<ObjectNode> get(String namespace, String name) {
                return usages.stream().filter(u -> Trees.name(u).equals(name)).findFirst();
            }
        };
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    }

    private static ObjectNode deployment() {
        return json(
                """
                {'metadata':{'name':'web'},'spec':{'replicas':1,'selector':{'matchLabels':{'app':'web'}},'template':{
                 'metadata':{'labels':{'app':'web'}},'spec':{'containers':[{'name':'app','image':'i:1'}]}}}}
                """);
    }

    private void autoscaler(String more) {
        objects.create(
                ResourceType.HORIZONTAL_POD_AUTOSCALER,
                "default",
                json(
                        """
                        {'metadata':{'name':'web'},'spec':{'scaleTargetRef':{'apiVersion':'apps/v1','kind':'Deployment','name':'web'},'maxReplicas':3,
                         'metrics':[{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization','averageUtilization':50}}}]%s}}
                        """
                                .formatted(more)));
    }

    private void pod(String name, Instant start, Instant ready) {
        ObjectNode pod =
                objects.create(
                        ResourceType.POD,
                        "default",
                        json(
                                """
                                {'metadata':{'name':'%s','labels':{'app':'web'}},'spec':{'containers':[
                                 {'name':'app','image':'i:1','resources':{'requests':{'cpu':'200m','memory':'64Mi'}}}]}}
                                """
                                        .formatted(name)));
        pod.set(
                "status",
                json(
                        """
                        {'phase':'Running','startTime':'%s','conditions':[{'type':'Ready','status':'True','lastTransitionTime':'%s'}]}
                        """
                                .formatted(Trees.time(start), Trees.time(ready))));
        objects.updateSubresource(ResourceType.POD, "default", name, "status", pod);
    }

    private static ObjectNode usage(String pod, Instant at, String window, String cpu) {
        return json(
                """
                {'kind':'PodMetrics','apiVersion':'metrics.k8s.io/v1beta1','metadata':{'name':'%s','namespace':'default','labels':{'app':'web'}},
                 'timestamp':'%s','window':'%s','containers':[{'name':'app','usage':{'cpu':'%s','memory':'65536Ki'}}]}
                """
                        .formatted(pod, Trees.time(at), window, cpu));
    }

    private void replicasOfStatus(int replicas) {
        ObjectNode deployment = objects.get(ResourceType.DEPLOYMENT, "default", "web");
        Trees.ensure(deployment, "status").put("replicas", replicas);
        objects.updateSubresource(ResourceType.DEPLOYMENT, "default", "web", "status", deployment);
    }

    private ObjectNode await(Predicate<JsonNode> wanted) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            ObjectNode autoscaler =
                    objects.get(ResourceType.HORIZONTAL_POD_AUTOSCALER, "default", "web");
            if (wanted.test(autoscaler.path("status"))) {
                return autoscaler;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come: " + autoscaler.toPrettyString());
            }
            Thread.sleep(PERIOD);
        }
    }

    private static Predicate<JsonNode> reason(String condition, String reason) {
        return status ->
                status.path("conditions")
                        .valueStream()
                        .anyMatch(c ->
                                Trees.text(c, "type").equals(condition)
                                        && Trees.text(c, "reason").equals(reason));
    }

    private static List<String> conditions(JsonNode autoscaler) {
        return autoscaler
                .path("status")
                .path("conditions")
                .valueStream()
                .map(c ->
                        Trees.text(c, "type")
                                + "="
                                + Trees.text(c, "status")
                                + " "
                                + Trees.text(c, "reason")
                                + ": "
                                + Trees.text(c, "message"))
                .toList();
    }

    private List<String> events() {
        return objects.list(ResourceType.EVENT, "default", Query.ALL).items().stream()
                .map(e ->
                        Trees.text(e, "type")
                                + " "
                                + Trees.text(e, "reason")
                                + ": "
                                + Trees.text(e, "message"))
                .toList();
    }

    private void awaitEvent(String event) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!events().contains(event)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no such event: " + event + "; there are " + events());
            }
            Thread.sleep(PERIOD);
        }
    }

    private int replicas() {
        return objects.get(ResourceType.DEPLOYMENT, "default", "web")
                .path("spec")
                .path("replicas")
                .asInt();
    }

    @Test
    void withoutMetricsItSaysSoAndScalesNothing() throws Exception {
        pod("web-1", now().minusSeconds(600), now().minusSeconds(590));
        autoscaler("");
        control();

        ObjectNode autoscaler = await(reason("ScalingActive", "FailedGetResourceMetric"));

        String why =
                "failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API";
        assertThat(conditions(autoscaler))
                .containsExactly(
                        "AbleToScale=True SucceededGetScale: the HPA controller was able to get the target's current scale",
                        "ScalingActive=False FailedGetResourceMetric: the HPA was unable to compute the replica count: "
                                + why);
        assertThat(autoscaler.path("status").path("desiredReplicas").asInt()).isZero();
        assertThat(autoscaler.path("status").path("currentReplicas").asInt()).isOne();
        awaitEvent("Warning FailedGetResourceMetric: " + why);
        awaitEvent(
                "Warning FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric"
                        + " value: "
                        + why);
        assertThat(replicas()).isOne();
    }

    @Test
    void aSampleFromBeforeAYoungPodWasReadyCountsOnlyOnceThePodIsOld() throws Exception {
        Instant ready = now().minusSeconds(20);
        pod("web-1", now().minusSeconds(30), ready);
        replicasOfStatus(1);
        // It ended 10 s after the pod was ready, and began 5 s before.
        usages.add(usage("web-1", ready.plusSeconds(10), "15.002s", "150000001n"));
        autoscaler("");
        control();
        ObjectNode young = await(reason("ScalingActive", "FailedGetResourceMetric"));
        assertThat(conditions(young).getLast())
                .endsWith("did not receive metrics for targeted pods (pods might be unready)");

        ahead.set(Duration.ofMinutes(5));
        ObjectNode scaled = await(status -> status.path("desiredReplicas").asInt() == 2);

        assertThat(conditions(scaled))
                .contains(
                        "AbleToScale=True SucceededRescale: the HPA controller was able to update the target scale to 2",
                        "ScalingActive=True ValidMetricFound: the HPA was able to successfully calculate a replica count from cpu resource"
                                + " utilization (percentage of request)",
                        "ScalingLimited=False DesiredWithinRange: the desired count is within the acceptable range");
        // 150.000001m of 200m: the millicore is begun, 151m, and the percentage cut off, 75 %.
        JsonNode current =
                scaled.path("status")
                        .path("currentMetrics")
                        .path(0)
                        .path("resource")
                        .path("current");
        assertThat(current).isEqualTo(json("{'averageUtilization':75,'averageValue':'151m'}"));
        assertThat(Trees.instant(Trees.text(scaled, "status", "lastScaleTime")))
                .isBetween(now().minus(PATIENCE), now());
        assertThat(replicas()).isEqualTo(2);
        awaitEvent(
                "Normal SuccessfulRescale: New size: 2; reason: cpu resource utilization (percentage of request) above target");
    }

    @Test
    void aSampleThatBeganAfterAYoungPodWasReadyCountsAtOnce() throws Exception {
        Instant ready = now().minusSeconds(20);
        pod("web-1", now().minusSeconds(30), ready);
        usages.add(usage("web-1", ready.plusSeconds(15), "15s", "1"));
        autoscaler("");
        control();

        ObjectNode limited = await(reason("ScalingLimited", "TooManyReplicas"));

        assertThat(conditions(limited))
                .contains(
                        "ScalingLimited=True TooManyReplicas: the desired replica count is more than the maximum replica count");
        assertThat(replicas()).isEqualTo(3);
    }

    @Test
    void aToleranceFinerThanAThousandthIsKept() throws Exception {
        pod("web-1", now().minusSeconds(600), now().minusSeconds(590));
        usages.add(usage("web-1", now(), "15s", "101m")); // 50 % asked for, 50 % cut off: exactly 1
        autoscaler(",'behavior':{'scaleUp':{'tolerance':'0.0005'}}");
        control();

        ObjectNode steady = await(reason("ScalingLimited", "DesiredWithinRange"));

        assertThat(steady.path("spec").path("behavior").path("scaleUp").path("tolerance"))
                .hasToString("\"500u\"");
        assertThat(AutoscalerReader.autoscaler(steady).behavior())
                .satisfies(b -> assertThat(b.scaleUp().tolerance()).isEqualTo(0.0005));
        assertThat(steady.path("status").path("desiredReplicas").asInt()).isOne();
    }

    @Test
    void aTargetThatIsGoneLeavesTheStatusAsItWas() throws Exception {
        pod("web-1", now().minusSeconds(600), now().minusSeconds(590));
        usages.add(usage("web-1", now(), "15s", "100m"));
        autoscaler("");
        control();
        JsonNode before = await(reason("ScalingActive", "ValidMetricFound")).path("status");

        objects.delete(ResourceType.DEPLOYMENT, "default", "web", DeleteOptions.DEFAULT);
        ObjectNode after = await(reason("AbleToScale", "FailedGetScale"));

        assertThat(conditions(after).getFirst())
                .isEqualTo(
                        "AbleToScale=False FailedGetScale: the HPA controller was unable to get the target's current scale: deployments.apps"
                                + " \"web\" not found");
        assertThat(after.path("status").path("currentMetrics"))
                .isNotEmpty()
                .isEqualTo(before.path("currentMetrics"));
        assertThat(after.path("status").path("desiredReplicas").asInt()).isOne();
        awaitEvent("Warning FailedGetScale: deployments.apps \"web\" not found");
    }

    @Test
    void twoAutoscalersOfOneTargetStopEachOther() throws Exception {
        pod("web-1", now().minusSeconds(600), now().minusSeconds(590));
        usages.add(usage("web-1", now(), "15s", "100m"));
        autoscaler("");
        ObjectNode second = objects.get(ResourceType.HORIZONTAL_POD_AUTOSCALER, "default", "web");
        ObjectNode other = Trees.object();
        other.putObject("metadata").put("name", "also");
        other.set("spec", second.path("spec"));
        objects.create(ResourceType.HORIZONTAL_POD_AUTOSCALER, "default", other);
        control();

        ObjectNode stopped = await(reason("ScalingActive", "AmbiguousSelector"));

        // A pass before the other was there may have left a condition of its own behind it.
        assertThat(conditions(stopped))
                .contains(
                        "ScalingActive=False AmbiguousSelector: pods by selector app=web are controlled by more than one HPA (e.g. [default/also"
                                + " default/web])");
    }
}
