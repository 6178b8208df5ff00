package compat;

import static compat.Checks.check;
import static compat.Checks.end;
import static compat.Checks.same;
import static compat.Checks.until;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Fabric8's client against the cluster of KUBECONFIG. */
final class Fabric8 {
    private static final String NAMESPACE = "compat-fabric8";

    private final KubernetesClient client;

    private Fabric8(KubernetesClient client) {
        this.client = client;
    }

    public static void main(String[] arguments) {
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            Fabric8 fabric8 = new Fabric8(client);
            client.namespaces()
                    .resource(
                            new NamespaceBuilder()
                                    .withNewMetadata()
                                    .withName(NAMESPACE)
                                    .endMetadata()
                                    .build())
                    .create();
            check("version and API groups", fabric8::versions);
            check("manifests become ready", fabric8::manifests);
            check("scale", fabric8::scale);
            check("logs", fabric8::logs);
            check("server-side apply and its conflict", fabric8::serverSideApply);
            check("patches", fabric8::patches);
            check("an edit that races is tried again", fabric8::edits);
            check("refusals are understood", fabric8::refusals);
            check("lists in pages", fabric8::pages);
            check("an informer sees what is added, changed, deleted", fabric8::informer);
            check("two candidates, one leader, and a successor", fabric8::leaderElection);
            check("metrics of nodes", fabric8::metrics);
            check("a namespace is emptied and goes", fabric8::gone);
            end();
        }
    }

    private ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .addToLabels("of", "fabric8")
                .endMetadata()
                .addToData("a", value)
                .build();
    }

    private ConfigMap create(String name, String value) {
        return client.resource(map(name, value)).create();
    }

    private void versions() {
        same("1", client.getKubernetesVersion().getMajor());
        same(true, client.hasApiGroup("coordination.k8s.io", true));
        same(true, client.supports(Deployment.class));
        same(false, client.hasApiGroup("nobody.example.com", true));
    }

    private void manifests() throws Exception {
        try (InputStream file = Files.newInputStream(Checks.WEB)) {
            client.load(file).inNamespace(NAMESPACE).create();
        }
        client.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("web")
                .waitUntilReady(Checks.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void scale() {
        var web = client.apps().deployments().inNamespace(NAMESPACE).withName("web");
        web.withTimeout(Checks.PATIENCE.toSeconds(), TimeUnit.SECONDS).scale(2);
        same(2, web.scale().getSpec().getReplicas());
        web.waitUntilCondition(
                d -> Integer.valueOf(2).equals(d.getStatus().getReadyReplicas()),
                Checks.PATIENCE.toSeconds(),
                TimeUnit.SECONDS);
    }

    private void logs() {
        var pod =
                client.pods()
                        .inNamespace(NAMESPACE)
                        .withLabel("app", "web")
                        .list()
                        .getItems()
                        .getFirst();
        same(true, client.pods().resource(pod).getLog() != null);
    }

    private void serverSideApply() {
        client.resource(map("applied", "1")).fieldManager("one").serverSideApply();
        int code = 0;
        try {
            client.resource(map("applied", "2")).fieldManager("two").serverSideApply();
        } catch (KubernetesClientException e) {
            code = e.getCode();
        }
        same(409, code);
        ConfigMap forced =
                client.resource(map("applied", "2"))
                        .fieldManager("two")
                        .forceConflicts()
                        .serverSideApply();
        same(Map.of("a", "2"), forced.getData());
    }

    private void patches() {
        create("patched", "1");
        var map = client.configMaps().inNamespace(NAMESPACE).withName("patched");
        map.patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"data\":{\"b\":\"2\"}}");
        map.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"a\":null}}");
        same(
                Map.of("b", "3"),
                map.patch(
                                PatchContext.of(PatchType.JSON),
                                "[{\"op\":\"replace\",\"path\":\"/data/b\",\"value\":\"3\"}]")
                        .getData());
    }

    private void edits() {
        ConfigMap first = create("contested", "1");
        var map = client.configMaps().inNamespace(NAMESPACE).withName("contested");
        map.edit(m -> new ConfigMapBuilder(m).addToData("a", "2").build());
        int code = 0;
        try {
            client.resource(new ConfigMapBuilder(first).addToData("a", "3").build())
                    .lockResourceVersion(first.getMetadata().getResourceVersion())
                    .update();
        } catch (KubernetesClientException e) {
            code = e.getCode();
        }
        same(409, code);
    }

    private void refusals() {
        same(true, client.configMaps().inNamespace(NAMESPACE).withName("none").get() == null);
        try {
            create("Not_A_Name", "1");
            throw new AssertionError("accepted");
        } catch (KubernetesClientException e) {
            same(422, e.getCode());
            same("metadata.name", e.getStatus().getDetails().getCauses().getFirst().getField());
        }
    }

    private void pages() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            expected.add(create("page-" + i, "1").getMetadata().getName());
        }
        List<String> names = new ArrayList<>();
        String token = null;
        do {
            var page =
                    client.configMaps()
                            .inNamespace(NAMESPACE)
                            .withLabel("of", "fabric8")
                            .list(
                                    new ListOptionsBuilder()
                                            .withLimit(2L)
                                            .withContinue(token)
                                            .build());
            page.getItems().forEach(m -> names.add(m.getMetadata().getName()));
            token = page.getMetadata().getContinue();
        } while (token != null && !token.isEmpty());
        names.removeIf(name -> !name.startsWith("page-"));
        same(expected, names);
    }

    private void informer() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        ResourceEventHandler<ConfigMap> handler =
                new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(ConfigMap map) {
                        seen.add("added " + map.getData());
                    }

                    @Override
                    public void onUpdate(ConfigMap before, ConfigMap after) {
                        seen.add("changed " + after.getData());
                    }

                    @Override
                    public void onDelete(ConfigMap map, boolean unknown) {
                        seen.add("deleted");
                    }
                };
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps()
                        .inNamespace(NAMESPACE)
                        .withField("metadata.name", "watched")
                        .inform(handler)) {
            create("watched", "1");
            var map = client.configMaps().inNamespace(NAMESPACE).withName("watched");
            map.edit(m -> new ConfigMapBuilder(m).addToData("a", "2").build());
            map.delete();
            until("three events", () -> seen.size() >= 3);
            same(List.of("added {a=1}", "changed {a=2}", "deleted"), seen);
            until("an empty cache", () -> informer.getStore().list().isEmpty());
        }
    }

    private CompletableFuture<?> candidate(String name, List<String> leaders) {
        return client.leaderElector()
                .withConfig(
                        new LeaderElectionConfigBuilder()
                                .withName(name)
                                .withReleaseOnCancel(true)
                                .withLeaseDuration(Duration.ofSeconds(5))
                                .withRenewDeadline(Duration.ofSeconds(4))
                                .withRetryPeriod(Duration.ofMillis(200))
                                .withLock(new LeaseLock(NAMESPACE, "leader", name))
                                .withLeaderCallbacks(
                                        new LeaderCallbacks(
                                                () -> leaders.add(name), () -> {}, leader -> {}))
                                .build())
                .build()
                .start();
    }

    private void leaderElection() throws Exception {
        List<String> leaders = new CopyOnWriteArrayList<>();
        CompletableFuture<?> first = candidate("first", leaders);
        until("a leader", () -> !leaders.isEmpty());
        CompletableFuture<?> second = candidate("second", leaders);
        var lease = client.leases().inNamespace(NAMESPACE).withName("leader");
        var renewed = lease.get().getSpec().getRenewTime();
        until("a renewal", () -> lease.get().getSpec().getRenewTime().isAfter(renewed));
        same(List.of("first"), leaders);
        first.cancel(true);
        until("a successor", () -> leaders.size() > 1);
        same(List.of("first", "second"), leaders);
        same("second", lease.get().getSpec().getHolderIdentity());
        second.cancel(true);
    }

    private void metrics() {
        same("NodeMetricsList", client.top().nodes().metrics().getKind());
    }

    private void gone() throws Exception {
        client.namespaces().withName(NAMESPACE).delete();
        until(
                "the namespace is gone",
                () -> client.namespaces().withName(NAMESPACE).get() == null);
    }
}
