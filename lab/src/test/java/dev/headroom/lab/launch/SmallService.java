package dev.headroom.lab.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A service that every machine with a JDK has, its manifests and an experiment: files in a folder, to be changed by tests. */
final class SmallService {
    /** Short periods, and no look at what the machine can give: a run takes seconds. */
    static final String[] QUICKLY = {
        "--cpu-scale", "0.5", "--sync-period", "1s", "--metrics-window", "1s"
    };

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
            spec:
              replicas: 1
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: web
                    image: test/web:1
                    ports: [{containerPort: 8000}]
                    readinessProbe: {httpGet: {path: /, port: 8000}, periodSeconds: 1}
                    resources: {requests: {cpu: 250m}, limits: {cpu: '1'}}
            """;

    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
            spec:
              selector: {app: web}
              ports: [{port: 80, targetPort: 8000}]
            """;

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

    private static final String EXPERIMENT =
            """
            name: small
            manifests: manifests
            target: {service: web}
            load:
            FROM  wrk: {threads: 1, connections: 4, duration: DURATION}
            images:
              test/web:1:
                command: [JAVA_HOME/bin/jwebserver, -b, $(POD_IP), -p, '8000']
                directory: files
            """;

    private final Path folder;
    private String from = "";

    private SmallService(Path folder) {
        this.folder = folder;
    }

    static SmallService in(Path folder) throws IOException {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        Files.writeString(
                Files.createDirectories(folder.resolve("files")).resolve("index.html"), "hello\n");
        Files.writeString(manifests.resolve("deployment.yaml"), DEPLOYMENT);
        Files.writeString(manifests.resolve("service.yaml"), SERVICE);
        return new SmallService(folder);
    }

    Path deployment() {
        return folder.resolve("manifests/deployment.yaml");
    }

    Path service() {
        return folder.resolve("manifests/service.yaml");
    }

    /** Puts {@code now} in the place of {@code was} in one of its files. */
    void change(Path file, String was, String now) throws IOException {
        String text = Files.readString(file);
        if (!text.contains(was)) {
            throw new IllegalArgumentException(file + " has no \"" + was + "\"");
        }
        Files.writeString(file, text.replace(was, now));
    }

    /** Nobody tells a cluster of one's own what an image stands for: the pod brings its command to an image that is there. */
    void onAClusterOfOnesOwn() throws IOException {
        change(
                deployment(),
                "image: test/web:1",
                "image: ghcr.io/headroom-dev/iris-api:0.1.0\n        command: ["
                        + System.getProperty("java.home")
                        + "/bin/jwebserver, -b, $(POD_IP), -p, '8000', -d, '"
                        + folder.resolve("files")
                        + "']");
    }

    /** Adds an autoscaler, from one pod to two. */
    void scaled() throws IOException {
        Files.writeString(folder.resolve("manifests/autoscaler.yaml"), AUTOSCALER);
    }

    /** Its load is sent by pods, of the image that every embedded cluster knows. */
    SmallService fromPods(int pods) {
        from = "  where: cluster\n  pods: " + pods + "\n  cpu: 10m\n";
        return this;
    }

    /** Writes the experiment. */
    String experiment(String duration) throws IOException {
        return write(
                EXPERIMENT
                        .replace("FROM", from)
                        .replace("DURATION", duration)
                        .replace("JAVA_HOME", System.getProperty("java.home")));
    }

    String write(String text) throws IOException {
        return Files.writeString(folder.resolve("small.yaml"), text).toString();
    }

    /** {@code run}, short periods, and what else is given. */
    static String[] run(String... more) {
        String[] all = new String[1 + QUICKLY.length + more.length];
        all[0] = "run";
        System.arraycopy(QUICKLY, 0, all, 1, QUICKLY.length);
        System.arraycopy(more, 0, all, 1 + QUICKLY.length, more.length);
        return all;
    }
}
