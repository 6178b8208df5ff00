package dev.headroom.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Endpoint slices as their controller keeps them over a real API server in process. */
class SlicesTest {
    @TempDir Path directory;
    private ControlPlane plane;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        plane =
                new ControlPlane(
                        directory,
                        (objects, clock) ->
                                new EndpointsController(
                                        objects,
                                        List.of(
                                                ResourceType.ENDPOINT_SLICE,
                                                ResourceType.ENDPOINTS)));
        plane.create(
                ResourceType.SERVICE,
                "{'metadata':{'name':'web'},'spec':{'selector':{'app':'web'},'ports':[{'port':80,'targetPort':'http'}]}}");
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private void pod(String name, int port, String ip) {
        plane.create(
                ResourceType.POD,
                "{'metadata':{'name':'%s','labels':{'app':'web'},'finalizers':['test/held']},'spec':{'containers':[{'name':'app','image':'i:1','ports':[{'name':'http','containerPort':%d}]}]}}"
                        .formatted(name, port));
        plane.ready(name, ip);
    }

    private List<ObjectNode> slices() {
        return plane.all(ResourceType.ENDPOINT_SLICE);
    }

    private List<JsonNode> endpoints() {
        List<JsonNode> all = new ArrayList<>();
        slices().forEach(s -> s.path("endpoints").forEach(all::add));
        return all;
    }

    private void awaitEndpoints(int count) throws InterruptedException {
        plane.await(count + " endpoints", () -> endpoints().size() == count);
    }

    @Test
    void aNamedPortMayHaveTwoNumbers() throws InterruptedException {
        pod("old", 8000, "127.9.1.1");
        pod("new", 9000, "127.9.1.2");
        awaitEndpoints(2);
        assertThat(slices())
                .extracting(s -> s.path("ports").path(0).path("port").asInt())
                .containsExactlyInAnyOrder(8000, 9000);
        assertThat(plane.get(ResourceType.ENDPOINTS, "web").path("subsets")).hasSize(2);
    }

    @Test
    void anEndpointStaysWhereItIsAndTellsHowItIs() throws InterruptedException {
        pod("a", 8000, "127.9.1.1");
        awaitEndpoints(1);
        String name = Trees.name(slices().getFirst());
        assertThat(name).matches("web-[a-z0-9]{5}");
        plane.objects.delete(ResourceType.POD, "default", "a", DeleteOptions.DEFAULT);
        plane.await(
                "terminating",
                () -> endpoints().getFirst().path("conditions").path("terminating").asBoolean());
        JsonNode conditions = endpoints().getFirst().path("conditions");
        assertThat(conditions.path("ready").asBoolean()).isFalse();
        assertThat(conditions.path("serving").asBoolean()).isTrue();
        assertThat(slices()).extracting(Trees::name).containsExactly(name);
        plane.letGo();
        awaitEndpoints(0);
        assertThat(slices()).hasSize(1);
    }

    @Test
    void aHundredStandInASlice() throws InterruptedException {
        for (int i = 1; i <= 120; i++) {
            pod("p" + i, 8000, "127.9.1." + i);
        }
        awaitEndpoints(120);
        assertThat(slices()).allMatch(s -> s.path("endpoints").size() <= 100);
        int before = slices().size();
        plane.objects.delete(ResourceType.POD, "default", "p7", DeleteOptions.DEFAULT);
        plane.letGo();
        awaitEndpoints(119);
        assertThat(slices()).hasSize(before);
    }
}
