package dev.headroom.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Leases, as leader election uses them; what is refused in the words of upstream's {@code ValidateLeaseSpec}. */
class LeaseTest {
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

    private ObjectNode create(String spec) {
        return objects.create(
                ResourceType.LEASE,
                "default",
                LocalObjectsTest.json("{'metadata':{'name':'leader'},'spec':" + spec + "}"));
    }

    private String refusal(String spec) {
        return String.valueOf(
                catchThrowableOfType(ApiException.class, () -> create(spec)).getMessage());
    }

    @Test
    void oneOfTwoCandidatesGetsIt() {
        ObjectNode lease =
                create(
                        "{'holderIdentity':'a','leaseDurationSeconds':15,'renewTime':'2026-01-02T03:04:05.678901Z'}");
        assertThat(Json.text(lease, "spec", "renewTime")).isEqualTo("2026-01-02T03:04:05.678901Z");
        ObjectNode ofA = lease.deepCopy();
        Json.ensure(ofA, "spec").put("holderIdentity", "a").put("leaseTransitions", 1);
        ObjectNode ofB = lease.deepCopy();
        Json.ensure(ofB, "spec").put("holderIdentity", "b").put("leaseTransitions", 1);

        objects.update(ResourceType.LEASE, "default", ofB);
        ApiException late =
                catchThrowableOfType(
                        ApiException.class,
                        () -> objects.update(ResourceType.LEASE, "default", ofA));

        assertThat(late.isConflict()).isTrue();
        assertThat(
                        Json.text(
                                objects.get(ResourceType.LEASE, "default", "leader"),
                                "spec",
                                "holderIdentity"))
                .isEqualTo("b");
    }

    @Test
    void impossibleOnesAreRefused() {
        assertThat(refusal("{'leaseDurationSeconds':0}"))
                .isEqualTo(
                        "Lease.coordination.k8s.io \"leader\" is invalid: spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0");
        assertThat(refusal("{'leaseTransitions':-1}"))
                .endsWith(
                        "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0");
        assertThat(refusal("{'preferredHolder':'b'}"))
                .endsWith(
                        "spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined");
        assertThat(refusal("{'strategy':'Best'}"))
                .endsWith(
                        "spec.strategy.strategy: Unsupported value: \"Best\": supported values: \"OldestEmulationVersion\"");
    }
}
