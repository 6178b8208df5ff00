package dev.headroom.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.Watch;
import dev.headroom.cluster.objects.WatchEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What components in the server's process see of it: the semantics that controllers are built on. */
class LocalObjectsTest {
    @TempDir Path directory;
    private ApiServer server;
    private Objects objects;

    @BeforeEach
    void start() throws Exception {
        server = Servers.start(directory);
        objects = server.client("test");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static ObjectNode json(String text) {
        return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    private static ObjectNode configMap(String name, String value) {
        return json("{'metadata':{'name':'" + name + "'},'data':{'a':'" + value + "'}}");
    }

    private static ObjectNode pod(String name) {
        return json(
                "{'metadata':{'name':'"
                        + name
                        + "','labels':{'app':'a'}},'spec':{'containers':[{'name':'c','image':'i:1'}]}}");
    }

    @Test
    void updateWithAnOldVersionIsRefused() {
        ObjectNode first = objects.create(ResourceType.CONFIG_MAP, "default", configMap("m", "1"));
        ObjectNode second = first.deepCopy();
        Json.ensure(second, "data").put("a", "2");
        objects.update(ResourceType.CONFIG_MAP, "default", second);

        ApiException refused =
                catchThrowableOfType(
                        ApiException.class,
                        () -> objects.update(ResourceType.CONFIG_MAP, "default", second));

        assertThat(refused.isConflict()).isTrue();
        assertThat(refused)
                .hasMessage(
                        "Operation cannot be fulfilled on configmaps \"m\": the object has been modified; please apply your changes to the latest version and try again");
    }

    @Test
    void writeThatChangesNothingKeepsTheVersion() {
        ObjectNode first = objects.create(ResourceType.POD, "default", pod("p"));
        ObjectNode again = objects.update(ResourceType.POD, "default", first.deepCopy());
        assertThat(Json.version(again)).isEqualTo(Json.version(first));
    }

    @Test
    void watchSeesWhatEntersAndLeavesItsSelection() throws Exception {
        ObjectNode created = objects.create(ResourceType.POD, "default", pod("p"));
        try (Watch watch =
                objects.watch(
                        ResourceType.POD,
                        "default",
                        Query.labels("app=b"),
                        Json.version(created))) {
            label("b");
            label("a");
            assertThat(next(watch).type()).isEqualTo(WatchEvent.Type.ADDED);
            WatchEvent left = next(watch);
            assertThat(left.type()).isEqualTo(WatchEvent.Type.DELETED);
            assertThat(Json.text(left.object(), "metadata", "labels", "app")).isEqualTo("b");
        }
    }

    private void label(String value) {
        objects.mergePatch(
                ResourceType.POD,
                "default",
                "p",
                null,
                json("{'metadata':{'labels':{'app':'" + value + "'}}}"));
    }

    private static WatchEvent next(Watch watch) throws InterruptedException {
        WatchEvent event = watch.next();
        if (event == null) {
            throw new AssertionError("the watch ended");
        }
        return event;
    }

    @Test
    void podWithoutNodeGoesAtOnceAndOneWithANodeAfterItsGrace() {
        objects.create(ResourceType.POD, "default", pod("p"));
        objects.delete(ResourceType.POD, "default", "p", DeleteOptions.DEFAULT);
        assertThat(objects.list(ResourceType.POD, "default", Query.ALL).items()).isEmpty();

        String uid = Json.uid(objects.create(ResourceType.POD, "default", pod("p")));
        objects.updateSubresource(
                ResourceType.POD,
                "default",
                "p",
                "binding",
                json("{'target':{'kind':'Node','name':'n'}}"));
        objects.delete(ResourceType.POD, "default", "p", DeleteOptions.DEFAULT);
        ObjectNode leaving = objects.get(ResourceType.POD, "default", "p");
        assertThat(Json.integer(leaving, 0, "metadata", "deletionGracePeriodSeconds"))
                .isEqualTo(30);
        objects.delete(ResourceType.POD, "default", "p", DeleteOptions.now(uid));
        assertThat(objects.list(ResourceType.POD, "default", Query.ALL).items()).isEmpty();
    }

    @Test
    void finalizersHoldAnObjectUpUntilTheyAreGone() {
        ObjectNode map = configMap("m", "1");
        Json.metadata(map).putArray("finalizers").add("example.com/hold");
        objects.create(ResourceType.CONFIG_MAP, "default", map);
        objects.delete(ResourceType.CONFIG_MAP, "default", "m", DeleteOptions.DEFAULT);
        ObjectNode held = objects.get(ResourceType.CONFIG_MAP, "default", "m");
        assertThat(Json.has(held, "metadata", "deletionTimestamp")).isTrue();

        objects.mergePatch(
                ResourceType.CONFIG_MAP,
                "default",
                "m",
                null,
                json("{'metadata':{'finalizers':null}}"));
        assertThat(objects.list(ResourceType.CONFIG_MAP, "default", Query.ALL).items()).isEmpty();
    }

    @Test
    void scaleChangesTheSpecificationAndItsGeneration() {
        objects.create(
                ResourceType.DEPLOYMENT,
                "default",
                json(
                        "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}"));
        ObjectNode scale =
                objects.mergePatch(
                        ResourceType.DEPLOYMENT,
                        "default",
                        "d",
                        "scale",
                        json("{'spec':{'replicas':3}}"));
        assertThat(Json.text(scale, "status", "selector")).isEqualTo("a=b");
        ObjectNode deployment = objects.get(ResourceType.DEPLOYMENT, "default", "d");
        assertThat(Json.integer(deployment, 0, "spec", "replicas")).isEqualTo(3);
        assertThat(Json.integer(deployment, 0, "metadata", "generation")).isEqualTo(2);
    }

    @Test
    void namespaceStaysUntilItIsFinalized() {
        objects.create(ResourceType.NAMESPACE, "", json("{'metadata':{'name':'n'}}"));
        objects.delete(ResourceType.NAMESPACE, "", "n", DeleteOptions.DEFAULT);
        ObjectNode namespace = objects.get(ResourceType.NAMESPACE, "", "n").deepCopy();
        assertThat(Json.text(namespace, "status", "phase")).isEqualTo("Terminating");
        ApiException refused =
                catchThrowableOfType(
                        ApiException.class,
                        () -> objects.create(ResourceType.CONFIG_MAP, "n", configMap("m", "1")));
        assertThat(refused)
                .hasMessage(
                        "configmaps \"m\" is forbidden: unable to create new content in namespace n because it is being terminated");

        Json.ensure(namespace, "spec").remove("finalizers");
        objects.updateSubresource(ResourceType.NAMESPACE, "", "n", "finalize", namespace);
        ApiException gone =
                catchThrowableOfType(
                        ApiException.class, () -> objects.get(ResourceType.NAMESPACE, "", "n"));
        assertThat(gone.isNotFound()).isTrue();
    }

    @Test
    void servicesGetAddressesAndGiveThemBack() {
        ObjectNode service =
                objects.create(
                        ResourceType.SERVICE,
                        "default",
                        json(
                                "{'metadata':{'name':'s'},'spec':{'type':'NodePort','ports':[{'port':80,'nodePort':30123}]}}"));
        assertThat(Json.text(service, "spec", "clusterIP")).startsWith("127.9.2");
        ApiException taken =
                catchThrowableOfType(
                        ApiException.class,
                        () ->
                                objects.create(
                                        ResourceType.SERVICE,
                                        "default",
                                        json(
                                                "{'metadata':{'name':'t'},'spec':{'type':'NodePort','ports':[{'port':80,'nodePort':30123}]}}")));
        assertThat(taken)
                .hasMessage(
                        "Service \"t\" is invalid: spec.ports[0].nodePort: Invalid value: 30123: provided port is already allocated");
        objects.delete(ResourceType.SERVICE, "default", "s", DeleteOptions.DEFAULT);
        objects.create(
                ResourceType.SERVICE,
                "default",
                json(
                        "{'metadata':{'name':'t'},'spec':{'type':'NodePort','ports':[{'port':80,'nodePort':30123}]}}"));
    }
}
