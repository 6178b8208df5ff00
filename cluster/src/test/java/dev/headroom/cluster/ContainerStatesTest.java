package dev.headroom.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a container's status says of its lives: as the kubelet and containerd write it. */
class ContainerStatesTest {
    private static final String STATUS = "{.status.containerStatuses[0]";
    private static final String NO_SUCH =
            "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"nosuch\": executable file not found in $PATH: unknown";

    private static TestCluster cluster;
    private String namespace = "";

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cluster = TestCluster.start(Duration.ofSeconds(15));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void makeNamespace() {
        namespace = cluster.newNamespace();
    }

    @AfterEach
    void removeNamespace() {
        cluster.ok("delete", "namespace", namespace, "--wait=false");
    }

    private String[] with(String... arguments) {
        return TestCluster.in(namespace, arguments);
    }

    private void pod(String policy, String command) {
        cluster.okWith(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  restartPolicy: %s
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: 'test/sleeps:1', command: %s}]
                """
                        .formatted(policy, command),
                with("apply", "-f", "-"));
    }

    /** A pod whose container sleeps, with more of that container's fields. */
    private void sleeping(String fields) {
        cluster.okWith(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: app
                      image: test/sleeps:1
                      command: [sleep, '3600']
                """
                        + fields.indent(6),
                with("apply", "-f", "-"));
    }

    private String status(String path) {
        return cluster.ok(with("get", "pod", "p", "-o", "jsonpath=" + STATUS + path + "}"));
    }

    private void await(String wanted, String path) {
        cluster.await(
                wanted::equals, with("get", "pod", "p", "-o", "jsonpath=" + STATUS + path + "}"));
    }

    @Test
    void aCommandThatIsNotThereIsAnErrorAtTheStart() {
        pod("Never", "[nosuch]");
        await("StartError", ".state.terminated.reason");
        assertThat(status(".state.terminated.exitCode")).isEqualTo("128");
        assertThat(status(".state.terminated.message")).isEqualTo(NO_SUCH);
        assertThat(status(".state.terminated.startedAt")).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(cluster.ok(with("get", "pod", "p", "-o", "jsonpath={.status.phase}")))
                .isEqualTo("Failed");
        assertThat(cluster.ok(with("logs", "p"))).isEmpty();
        String events = cluster.ok(with("get", "events"));
        assertThat(events)
                .contains("Created container: app", "Error: " + NO_SUCH)
                .doesNotContain("Started container");
    }

    @Test
    void isTriedAgainAndThenBackedOffFrom() {
        pod("Always", "[/no/such]");
        await("CrashLoopBackOff", ".state.waiting.reason");
        assertThat(status(".state.waiting.message"))
                .startsWith("back-off 10s restarting failed container=app pod=p_");
        assertThat(status(".restartCount")).isEqualTo("1");
        assertThat(status(".lastState.terminated.message"))
                .endsWith("exec: \"/no/such\": stat /no/such: no such file or directory: unknown");
        assertThat(cluster.ok(with("get", "pod", "p", "-o", "jsonpath={.status.phase}")))
                .isEqualTo("Running");
        cluster.await(
                out -> out.contains("Back-off restarting failed container app in pod p_"),
                with("get", "events"));
    }

    @Test
    void anEndedLifeKeepsItsIdWhileTheNextIsAwaited() {
        pod("Always", "[sh, -c, 'exit 3']");
        await("CrashLoopBackOff", ".state.waiting.reason");
        String id = status(".containerID");
        assertThat(id).startsWith("process://");
        assertThat(status(".lastState.terminated.containerID")).isEqualTo(id);
    }

    @Test
    void anEndedContainerKeepsItsId() {
        pod("Never", "[sh, -c, 'exit 0']");
        await("Completed", ".state.terminated.reason");
        String id = status(".containerID");
        assertThat(id).startsWith("process://");
        assertThat(status(".state.terminated.containerID")).isEqualTo(id);
    }

    @Test
    void aFileThatMayNotBeRunIsAnErrorToo() {
        pod("Never", "[/etc/passwd]");
        await("StartError", ".state.terminated.reason");
        assertThat(status(".state.terminated.message"))
                .endsWith("exec: \"/etc/passwd\": permission denied: unknown");
    }

    private static void assumeMounts() {
        org.junit.jupiter.api.Assumptions.assumeFalse(
                cluster.ok(
                                "get",
                                "nodes",
                                "-o",
                                "jsonpath={.items[0].metadata.annotations.headroom\\.dev/volumes}")
                        .equals("none"));
    }

    /** Who waits for the pod and then reads its log or asks it, meets the program, not what prepares its volumes. */
    @Test
    void runsOnceItsVolumesAreInPlace() throws IOException {
        assumeMounts();
        cluster.okWith(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: app
                      image: test/sleeps:1
                      command: [sleep, '3600']
                      volumeMounts:
                        - {name: work, mountPath: /headroom-work}
                        - {name: work, mountPath: /etc/headroom-work}
                  volumes: [{name: work, emptyDir: {}}]
                """,
                with("apply", "-f", "-"));
        String id =
                cluster.await(
                        out -> out.contains("://"),
                        with(
                                "get",
                                "pod",
                                "p",
                                "-o",
                                "jsonpath={range .status.containerStatuses[?(@.state.running)]}{.containerID}{end}"));
        Path process = Path.of("/proc", id.substring(id.indexOf("://") + 3));
        assertThat(Files.readString(process.resolve("cmdline"))).isEqualTo("sleep\0" + "3600\0");
        assertThat(Files.readString(process.resolve("mountinfo"))).contains(" /etc/headroom-work ");
    }

    @Test
    void isAskedOnceItsHookIsDone() {
        sleeping(
                """
                lifecycle: {postStart: {sleep: {seconds: 2}}}
                startupProbe: {exec: {command: ['true']}, periodSeconds: 1}
                """);
        await("true", ".ready");
        assertThat(status(".started")).isEqualTo("true");
    }

    /** As a kubelet has it that does not know where to ask: the container is not to blame, and lives on. */
    @Test
    void aProbeThatCanNotBeMadeIsToldOfAndCountsForNothing() {
        sleeping(
                """
                ports: [{name: http, containerPort: 8000}]
                livenessProbe: {httpGet: {path: /, port: web}, periodSeconds: 1, failureThreshold: 1}
                """);
        cluster.await(
                out ->
                        out.matches(
                                "([3-9]|\\d\\d) Liveness probe errored and resulted in unknown state: strconv.Atoi: parsing \"web\": invalid syntax"),
                with(
                        "get",
                        "events",
                        "--field-selector=reason=Unhealthy",
                        "-o",
                        "jsonpath={.items[*].count} {.items[*].message}"));
        assertThat(status(".restartCount")).isEqualTo("0");
        assertThat(status(".ready")).isEqualTo("true");
    }

    @Test
    void aProgramOfAVolumeIsRun() {
        assumeMounts();
        cluster.okWith(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: scripts}
                data: {run: "#!/bin/sh\\necho ran\\nexec sleep 3600\\n", other: "#!/bin/sh\\necho other\\n"}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: app
                      image: test/sleeps:1
                      command: [/headroom-scripts/run]
                      volumeMounts: [{name: scripts, mountPath: /headroom-scripts}]
                  volumes: [{name: scripts, configMap: {name: scripts, defaultMode: 0755}}]
                """,
                with("apply", "-f", "-"));
        cluster.await("ran\n"::equals, with("logs", "p"));
        assertThat(cluster.ok(with("exec", "p", "--", "/headroom-scripts/other")))
                .isEqualTo("other\n");
    }
}
