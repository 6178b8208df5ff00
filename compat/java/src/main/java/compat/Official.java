package compat;

import static compat.Checks.check;
import static compat.Checks.end;
import static compat.Checks.same;
import static compat.Checks.until;

import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Configuration;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.VersionApi;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Yaml;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Kubernetes' own Java client against the cluster of KUBECONFIG. */
final class Official {
    private static final String NAMESPACE = "compat-java";

    private final ApiClient client;
    private final CoreV1Api core;
    private final AppsV1Api apps;

    private Official(ApiClient client) {
        this.client = client;
        this.core = new CoreV1Api(client);
        this.apps = new AppsV1Api(client);
    }

    public static void main(String[] arguments) throws Exception {
        ApiClient client = Config.defaultClient();
        Configuration.setDefaultApiClient(client);
        Official official = new Official(client);
        official.core
                .createNamespace(new V1Namespace().metadata(new V1ObjectMeta().name(NAMESPACE)))
                .execute();
        check("version", official::version);
        check("manifests become ready", official::manifests);
        check("the scale subresource", official::scale);
        check("logs", official::logs);
        check("patches", official::patches);
        check("a stale write is refused", official::conflicts);
        check("refusals are understood", official::refusals);
        check("lists in pages", official::pages);
        check("an informer sees what is added, changed, deleted", official::informer);
        check("two candidates, one leader, and a successor", official::leaderElection);
        check("a namespace is emptied and goes", official::gone);
        end();
        // Threads of its HTTP client would keep the program for a minute.
        System.exit(0);
    }

    private static V1ConfigMap map(String name, String value) {
        return new V1ConfigMap()
                .metadata(new V1ObjectMeta().name(name).putLabelsItem("of", "java"))
                .putDataItem("a", value);
    }

    private V1ConfigMap create(String name, String value) throws ApiException {
        return core.createNamespacedConfigMap(NAMESPACE, map(name, value)).execute();
    }

    private void version() throws ApiException {
        same("1", new VersionApi(client).getCode().execute().getMajor());
    }

    private V1Deployment web() throws ApiException {
        return apps.readNamespacedDeployment("web", NAMESPACE).execute();
    }

    private void manifests() throws Exception {
        for (Object object : Yaml.loadAll(Checks.WEB.toFile())) {
            switch (object) {
                case V1Deployment d -> apps.createNamespacedDeployment(NAMESPACE, d).execute();
                case V1Service s -> core.createNamespacedService(NAMESPACE, s).execute();
                default -> throw new AssertionError("an unexpected " + object.getClass());
            }
        }
        until(
                "it is available",
                () -> Integer.valueOf(1).equals(web().getStatus().getAvailableReplicas()));
    }

    private void scale() throws Exception {
        var scale = apps.readNamespacedDeploymentScale("web", NAMESPACE).execute();
        scale.getSpec().setReplicas(2);
        apps.replaceNamespacedDeploymentScale("web", NAMESPACE, scale).execute();
        until(
                "two are ready",
                () -> Integer.valueOf(2).equals(web().getStatus().getReadyReplicas()));
    }

    private void logs() throws ApiException {
        String pod =
                core.listNamespacedPod(NAMESPACE)
                        .labelSelector("app=web")
                        .execute()
                        .getItems()
                        .getFirst()
                        .getMetadata()
                        .getName();
        core.readNamespacedPodLog(pod, NAMESPACE).execute();
    }

    private V1ConfigMap patch(String format, String patch) throws ApiException {
        return PatchUtils.patch(
                V1ConfigMap.class,
                () ->
                        core.patchNamespacedConfigMap("patched", NAMESPACE, new V1Patch(patch))
                                .fieldManager("compat")
                                .buildCall(null),
                format,
                client);
    }

    private void patches() throws ApiException {
        create("patched", "1");
        patch(V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, "{\"data\":{\"b\":\"2\"}}");
        patch(V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH, "{\"data\":{\"a\":null}}");
        patch(
                V1Patch.PATCH_FORMAT_JSON_PATCH,
                "[{\"op\":\"replace\",\"path\":\"/data/b\",\"value\":\"3\"}]");
        same(
                Map.of("b", "3", "c", "4"),
                patch(
                                V1Patch.PATCH_FORMAT_APPLY_YAML,
                                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"patched\"},\"data\":{\"c\":\"4\"}}")
                        .getData());
    }

    private void conflicts() throws Exception {
        V1ConfigMap first = create("contested", "1").putDataItem("a", "2");
        core.replaceNamespacedConfigMap("contested", NAMESPACE, first).execute();
        same(
                409,
                codeOf(() ->
                        core.replaceNamespacedConfigMap("contested", NAMESPACE, first).execute()));
    }

    private static int codeOf(Checks.Check call) throws Exception {
        try {
            call.run();
            return 200;
        } catch (ApiException e) {
            return e.getCode();
        }
    }

    private void refusals() throws Exception {
        same(404, codeOf(() -> core.readNamespacedConfigMap("none", NAMESPACE).execute()));
        try {
            create("Not_A_Name", "1");
            throw new AssertionError("accepted");
        } catch (ApiException e) {
            same(422, e.getCode());
            same(true, e.getResponseBody().replace(" ", "").contains("\"field\":\"metadata.name\""));
        }
    }

    private void pages() throws ApiException {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            expected.add(create("page-" + i, "1").getMetadata().getName());
        }
        List<String> names = new ArrayList<>();
        String token = null;
        do {
            V1ConfigMapList page =
                    core.listNamespacedConfigMap(NAMESPACE)
                            .labelSelector("of=java")
                            .limit(2)
                            ._continue(token)
                            .execute();
            page.getItems().forEach(m -> names.add(m.getMetadata().getName()));
            token = page.getMetadata().getContinue();
        } while (token != null && !token.isEmpty());
        names.removeIf(name -> !name.startsWith("page-"));
        same(expected, names);
    }

    private void informer() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        SharedInformerFactory factory = new SharedInformerFactory(client);
        var maps =
                new GenericKubernetesApi<>(
                        V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", client);
        var informer = factory.sharedIndexInformerFor(maps, V1ConfigMap.class, 0, NAMESPACE);
        informer.addEventHandler(
                new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(V1ConfigMap map) {
                        note("added", map);
                    }

                    @Override
                    public void onUpdate(V1ConfigMap before, V1ConfigMap after) {
                        note("changed", after);
                    }

                    @Override
                    public void onDelete(V1ConfigMap map, boolean unknown) {
                        note("deleted", map);
                    }

                    private void note(String what, V1ConfigMap map) {
                        if (map.getMetadata().getName().equals("watched")) {
                            seen.add(what + " " + map.getData());
                        }
                    }
                });
        factory.startAllRegisteredInformers();
        try {
            until("the informer has its list", informer::hasSynced);
            V1ConfigMap map = create("watched", "1").putDataItem("a", "2");
            core.replaceNamespacedConfigMap("watched", NAMESPACE, map).execute();
            core.deleteNamespacedConfigMap("watched", NAMESPACE).execute();
            until("three events", () -> seen.size() >= 3);
            same(List.of("added {a=1}", "changed {a=2}", "deleted {a=2}"), seen);
        } finally {
            factory.stopAllRegisteredInformers();
        }
    }

    private LeaderElector candidate(String name, List<String> leaders) {
        LeaderElector elector =
                new LeaderElector(
                        new LeaderElectionConfig(
                                new LeaseLock(NAMESPACE, "leader", name, client),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(4),
                                Duration.ofMillis(200)));
        Thread.ofVirtual().start(() -> elector.run(() -> leaders.add(name), () -> {}));
        return elector;
    }

    private void leaderElection() throws Exception {
        List<String> leaders = new CopyOnWriteArrayList<>();
        LeaderElector first = candidate("first", leaders);
        until("a leader", () -> !leaders.isEmpty());
        try (LeaderElector second = candidate("second", leaders)) {
            same(List.of("first"), leaders);
            first.close();
            until("a successor", () -> leaders.size() > 1);
            same(List.of("first", "second"), leaders);
        }
    }

    private void gone() throws Exception {
        core.deleteNamespace(NAMESPACE).execute();
        until(
                "the namespace is gone",
                () ->
                        core.listNamespace().execute().getItems().stream()
                                .noneMatch(n -> NAMESPACE.equals(n.getMetadata().getName())));
    }
}
