package dev.headroom.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does with a pod's volumes, hooks, init containers and ends; seen by a real kubectl. */
class PodsTest {
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

    /** A pod of this name; what follows {@code spec:} is given, {@code run} is a shell script. */
    private void pod(String spec) {
        cluster.okWith(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\nspec:\n"
                        + "  terminationGracePeriodSeconds: 5\n"
                        + spec.indent(2),
                with("apply", "-f", "-"));
    }

    private static String container(String name, String script) {
        return "{name: " + name + ", image: 'test/sleeps:1', command: [sh, -c, '" + script + "']";
    }

    private String awaitLog(String wanted, String container) {
        return cluster.await(out -> out.contains(wanted), with("logs", "p", "-c", container));
    }

    private String awaitEvent(String wanted) {
        return cluster.await(out -> out.contains(wanted), with("get", "events"));
    }

    private String await(String wanted, String path) {
        return cluster.await(wanted::equals, with("get", "pod", "p", "-o", "jsonpath=" + path));
    }

    private void assumeMounts() {
        org.junit.jupiter.api.Assumptions.assumeFalse(
                cluster.ok(
                                "get",
                                "nodes",
                                "-o",
                                "jsonpath={.items[0].metadata.annotations.headroom\\.dev/volumes}")
                        .equals("none"),
                "nothing can be mounted here: neither root nor user namespaces");
    }

    private static final String OBJECTS =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: config}
            data: {greeting: hello, other: unseen}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: secret}
            stringData: {password: hidden}
            """;

    @Test
    void volumesStandAtTheirPathsAndNowhereElse() {
        assumeMounts();
        cluster.okWith(OBJECTS, with("apply", "-f", "-"));
        pod(
                """
                initContainers:
                  - %s, volumeMounts: [{name: work, mountPath: /headroom-work}]}
                containers:
                  - name: app
                    image: test/sleeps:1
                    workingDir: /headroom-work
                    command: [sh, -c, 'cat made; cat /headroom-config/a/greeting; ls /headroom-config; cat /etc/headroom-one; cat /headroom-all/labels; cat /headroom-all/password; echo; touch /headroom-config/x || echo read-only; exec sleep 3600']
                    readinessProbe: {exec: {command: [cat, made]}}
                    volumeMounts:
                      - {name: work, mountPath: /headroom-work}
                      - {name: config, mountPath: /headroom-config}
                      - {name: config, mountPath: /etc/headroom-one, subPath: a/greeting}
                      - {name: all, mountPath: /headroom-all}
                volumes:
                  - {name: work, emptyDir: {}}
                  - {name: config, configMap: {name: config, items: [{key: greeting, path: a/greeting}]}}
                  - name: all
                    projected:
                      sources:
                        - secret: {name: secret}
                        - downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}
                """
                        .formatted(
                                container(
                                        "first", "echo made by the first > /headroom-work/made")));
        String log = awaitLog("read-only", "app");
        assertThat(log)
                .startsWith("made by the first\nhelloa\nhelloapp=\"web\"hidden\n")
                .contains("read-only");
        await("true", "{.status.containerStatuses[0].ready}");
        assertThat(Path.of("/headroom-work")).doesNotExist();
        assertThat(Path.of("/etc/headroom-one")).doesNotExist();
    }

    @Test
    void waitsForAConfigMapThatItMounts() {
        assumeMounts();
        pod(
                """
                containers:
                  - %s, volumeMounts: [{name: config, mountPath: /headroom-config}]}
                volumes: [{name: config, configMap: {name: config}}]
                """
                        .formatted(
                                container(
                                        "app",
                                        "cat /headroom-config/greeting; echo; exec sleep 3600")));
        awaitEvent(
                "MountVolume.SetUp failed for volume \"config\" : configmap \"config\" not found");
        await("ContainerCreating", "{.status.containerStatuses[0].state.waiting.reason}");
        cluster.okWith(OBJECTS, with("apply", "-f", "-"));
        awaitLog("hello", "app");
    }

    @Test
    void refusesAVolumeThatItDoesNotGive() {
        pod(
                """
                containers:
                  - %s, volumeMounts: [{name: host, mountPath: /host}]}
                volumes: [{name: host, hostPath: {path: /}}]
                """
                        .formatted(container("app", "exec sleep 3600")));
        awaitEvent("hostPath is not given by this node");
        await("Pending", "{.status.phase}");
    }

    @Test
    void aHookAfterTheStartComesBeforeReadiness() {
        pod(
                """
                containers:
                  - name: app
                    image: test/sleeps:1
                    lifecycle: {postStart: {exec: {command: [sh, -c, 'exit 1']}}}
                """);
        String events = awaitEvent("PostStartHook failed");
        assertThat(events).contains("FailedPostStartHook");
        cluster.await(
                out -> out.matches("[1-9].*"),
                with(
                        "get",
                        "pod",
                        "p",
                        "-o",
                        "jsonpath={.status.containerStatuses[0].restartCount}"));
    }

    @Test
    void aHookBeforeTheStopIsRunAndThenTheProgramIsAskedToEnd(@TempDir Path folder)
            throws IOException {
        Path record = folder.resolve("record");
        pod(
                """
                containers:
                  - %s, lifecycle: {preStop: {exec: {command: [sh, -c, 'echo hooked >> %s']}}}}
                """
                        .formatted(onTerm("app", "echo asked >> " + record), record));
        await("true", "{.status.containerStatuses[0].ready}");
        cluster.ok(with("delete", "pod", "p"));
        assertThat(record).hasContent("hooked\nasked\n");
    }

    /** Its program goes on until it is asked to end, and then does this. */
    private static String onTerm(String name, String last) {
        return container(name, "trap \"" + last + "; exit 0\" TERM; while :; do sleep 0.05; done");
    }

    @Test
    void sidecarsStartBeforeAndEndAfterTheOthers(@TempDir Path folder) throws IOException {
        Path record = folder.resolve("record");
        pod(
                """
                initContainers:
                  - %s, restartPolicy: Always, startupProbe: {exec: {command: ['true']}, periodSeconds: 1}}
                containers:
                  - %s}
                """
                        .formatted(
                                onTerm("side", "echo side >> " + record),
                                onTerm("main", "sleep 0.3; echo main >> " + record)));
        await("True", "{.status.conditions[?(@.type==\"Ready\")].status}");
        await("true", "{.status.initContainerStatuses[0].started}");
        cluster.ok(with("delete", "pod", "p"));
        assertThat(record).hasContent("main\nside\n");
    }

    @Test
    void aFailedInitContainerFailsAPodThatIsNotRestarted() {
        pod(
                """
                restartPolicy: Never
                initContainers:
                  - %s}
                containers:
                  - %s}
                """
                        .formatted(
                                container("first", "exit 7"), container("app", "exec sleep 3600")));
        await("Failed", "{.status.phase}");
        await("7", "{.status.initContainerStatuses[0].state.terminated.exitCode}");
        await("PodInitializing", "{.status.containerStatuses[0].state.waiting.reason}");
    }

    @Test
    void tellsOfAnEndForWantOfMemory() {
        pod(
                """
                restartPolicy: Never
                containers:
                  - %s, resources: {limits: {memory: 32Mi}}}
                """
                        .formatted(container("app", "head -c 300m /dev/zero | tail")));
        await("OOMKilled", "{.status.containerStatuses[0].state.terminated.reason}");
        await("137", "{.status.containerStatuses[0].state.terminated.exitCode}");
        await("Failed", "{.status.phase}");
    }

    @Test
    void aPodThatIsOverItsDeadlineIsEnded() {
        pod(
                """
                activeDeadlineSeconds: 1
                containers:
                  - %s}
                """
                        .formatted(container("app", "exec sleep 3600")));
        await("DeadlineExceeded", "{.status.reason}");
        await("Failed", "{.status.phase}");
    }

    @Test
    void toldOfServicesAndOfItsLimits() {
        cluster.okWith(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: the-web}
                spec: {ports: [{name: http, port: 8080}]}
                """,
                with("apply", "-f", "-"));
        pod(
                """
                containers:
                  - %s, resources: {limits: {memory: 64Mi}}, env: [{name: MOST, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}]}
                """
                        .formatted(
                                container(
                                        "app",
                                        "echo $THE_WEB_SERVICE_HOST:$THE_WEB_SERVICE_PORT_HTTP $MOST; exec sleep 3600")));
        String ip =
                cluster.ok(with("get", "service", "the-web", "-o", "jsonpath={.spec.clusterIP}"));
        awaitLog(ip + ":8080 64\n", "app");
    }

    @Test
    void anImageThatMayNotBePulledIsNotPulled() {
        pod("containers: [{name: app, image: 'test/nobody-knows:1', imagePullPolicy: Never}]");
        await("ErrImageNeverPull", "{.status.containerStatuses[0].state.waiting.reason}");
    }

    @Test
    void afterAPullThatFailedItWaitsAndSaysSo() {
        pod("containers: [{name: app, image: 'test/nobody-knows:1'}]");
        await("ImagePullBackOff", "{.status.containerStatuses[0].state.waiting.reason}");
        assertThat(awaitEvent("ImagePullBackOff"))
                .contains(
                        "Pulling image \"test/nobody-knows:1\"",
                        "Error: ErrImagePull",
                        "Error: ImagePullBackOff");
    }

    /** This cluster's own files are below the folder that is hidden here. */
    @Test
    void aVolumeOverTheHostsTemporaryFolderHidesNoOther() {
        assumeMounts();
        cluster.okWith(OBJECTS, with("apply", "-f", "-"));
        pod(
                """
                restartPolicy: Never
                containers:
                  - name: app
                    image: test/sleeps:1
                    command: [sh, -c, 'cat %1$s/in/greeting /headroom-config/other; echo; ls %1$s; echo bye >/dev/termination-log']
                    volumeMounts:
                      - {name: work, mountPath: %1$s}
                      - {name: config, mountPath: /headroom-config}
                      - {name: config, mountPath: %1$s/in}
                volumes:
                  - {name: work, emptyDir: {}}
                  - {name: config, configMap: {name: config}}
                """
                        .formatted(System.getProperty("java.io.tmpdir")));
        await("bye\n", MESSAGE);
        assertThat(awaitLog("in\n", "app")).isEqualTo("hellounseen\nin\n");
    }

    private static final String MESSAGE = "{.status.containerStatuses[0].state.terminated.message}";

    @Test
    void anEndIsToldOfAsTheContainerWroteIt() {
        assumeMounts();
        pod(
                """
                restartPolicy: Never
                containers:
                  - %s}
                """
                        .formatted(
                                container(
                                        "app",
                                        "echo x >/dev/null; printf because >/dev/termination-log; exit 3")));
        await("because", MESSAGE);
        assertThat(Path.of("/dev/termination-log")).doesNotExist();
    }

    @Test
    void ofALongMessageTheEndIsKept() {
        assumeMounts();
        pod(
                """
                restartPolicy: Never
                containers:
                  - %s, terminationMessagePath: /headroom-end/told}
                """
                        .formatted(
                                container(
                                        "app",
                                        "(printf begin; printf %05000d 0; printf end) >/headroom-end/told")));
        await("0".repeat(4093) + "end", MESSAGE);
    }

    @Test
    void theLogTellsOfAnEndThatWasNotExplained() {
        String policy = ", terminationMessagePolicy: FallbackToLogsOnError}";
        pod(
                """
                restartPolicy: Never
                containers:
                  - %s%s
                  - %s%s
                """
                        .formatted(
                                container(
                                        "app",
                                        "for i in $(seq 100); do echo line $i; done; exit 1"),
                                policy,
                                container("well", "echo all is well"),
                                policy));
        StringBuilder last = new StringBuilder();
        for (int i = 21; i <= 100; i++) {
            last.append("line ").append(i).append('\n');
        }
        await("Failed", "{.status.phase}");
        await(last.toString(), MESSAGE);
        await("", "{.status.containerStatuses[1].state.terminated.message}");
    }

    @Test
    void severalContainersShareTheRoomForMessages() {
        pod(
                """
                restartPolicy: Never
                containers:
                  - %1$s, terminationMessagePath: /headroom-end}
                  - %2$s}
                  - %3$s}
                  - %4$s}
                """
                        .formatted(
                                container("a", "printf %04000d 0 >/headroom-end"),
                                container("b", "true"),
                                container("c", "true"),
                                container("d", "true")));
        assumeMounts();
        await("0".repeat(3072), MESSAGE);
    }
}
