package dev.headroom.lab.load.cluster;

import dev.headroom.lab.deploy.Subject;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.run.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects that send a load from inside the cluster: one Job, or the pods themselves where the cluster has no Jobs, as the embedded one.
 *
 * @param script in Base64; null where there is none
 * @param atMost after which Kubernetes itself ends them, whatever became of the lab
 */
record GeneratorManifest(
        Orders orders,
        Experiment.Pods pods,
        Subject subject,
        @Nullable String script,
        Duration atMost) {

    /** By which the pods are found. */
    static final String LABEL = "headroom.dev/load";

    static final String CONTAINER = "load";

    /** Of a Job that nobody removed, since its lab was killed: Kubernetes does, an hour after its end. */
    private static final int KEPT_SECONDS = 3600;

    private static final int ENDS_WITHIN_SECONDS = 20;

    /** Two small JVMs; where the cluster makes a limit of it, as Autopilot does, they have to fit. */
    private static final String MEMORY = "512Mi";

    String name() {
        return "headroom-load-" + orders.id();
    }

    String selector() {
        return LABEL + "=" + orders.id();
    }

    List<ObjectNode> objects(boolean asJob) {
        if (asJob) {
            return List.of(job());
        }
        List<ObjectNode> all = new ArrayList<>();
        for (int i = 0; i < pods.count(); i++) {
            ObjectNode pod = Json.mapper().createObjectNode();
            pod.put("apiVersion", "v1").put("kind", "Pod");
            metadata(pod.putObject("metadata").put("name", name() + "-" + i))
                    .put("namespace", subject.namespace());
            ObjectNode spec = spec(pod.putObject("spec"));
            spec.put("activeDeadlineSeconds", atMost.toSeconds());
            all.add(pod);
        }
        return all;
    }

    private ObjectNode job() {
        ObjectNode job = Json.mapper().createObjectNode();
        job.put("apiVersion", "batch/v1").put("kind", "Job");
        metadata(job.putObject("metadata").put("name", name()))
                .put("namespace", subject.namespace());
        ObjectNode spec = job.putObject("spec");
        spec.put("parallelism", pods.count());
        spec.put("completions", pods.count());
        // A pod that is made again would come too late.
        spec.put("backoffLimit", 0);
        spec.put("activeDeadlineSeconds", atMost.toSeconds());
        spec.put("ttlSecondsAfterFinished", KEPT_SECONDS);
        ObjectNode template = spec.putObject("template");
        metadata(template.putObject("metadata"));
        ObjectNode pod = spec(template.putObject("spec"));
        apart(pod);
        locked(pod);
        return job;
    }

    private ObjectNode metadata(ObjectNode metadata) {
        ObjectNode labels = metadata.putObject("labels");
        labels.put("app.kubernetes.io/name", "headroom-load");
        labels.put("app.kubernetes.io/managed-by", "headroom");
        labels.put(LABEL, orders.id());
        return metadata;
    }

    private ObjectNode spec(ObjectNode spec) {
        spec.put("restartPolicy", "Never");
        spec.put("automountServiceAccountToken", false);
        spec.put("enableServiceLinks", false);
        spec.put("terminationGracePeriodSeconds", ENDS_WITHIN_SECONDS);
        ObjectNode container = spec.putArray("containers").addObject();
        container.put("name", CONTAINER).put("image", pods.image());
        container.putArray("args").add("generate").add(orders.text());
        container.putArray("ports").addObject().put("containerPort", orders.port());
        var env = container.putArray("env");
        env.addObject()
                .put("name", GeneratorPod.ADDRESS)
                .putObject("valueFrom")
                .putObject("fieldRef")
                .put("fieldPath", "status.podIP");
        if (script != null) {
            env.addObject().put("name", GeneratorPod.SCRIPT).put("value", script);
        }
        container
                .putObject("resources")
                .putObject("requests")
                .put("cpu", pods.cpu())
                .put("memory", MEMORY);
        return spec;
    }

    /** On nodes of their own where there are some: what they use is missing there. */
    private void apart(ObjectNode spec) {
        ObjectNode rule =
                spec.putObject("affinity")
                        .putObject("podAntiAffinity")
                        .putArray("preferredDuringSchedulingIgnoredDuringExecution")
                        .addObject()
                        .put("weight", 100);
        ObjectNode term = rule.putObject("podAffinityTerm");
        term.put("topologyKey", "kubernetes.io/hostname");
        ObjectNode target = term.putObject("labelSelector").putObject("matchLabels");
        subject.selector().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> target.put(e.getKey(), e.getValue()));
        ObjectNode spread = spec.putArray("topologySpreadConstraints").addObject();
        spread.put("maxSkew", 1);
        spread.put("topologyKey", "kubernetes.io/hostname");
        spread.put("whenUnsatisfiable", "ScheduleAnyway");
        spread.putObject("labelSelector").putObject("matchLabels").put(LABEL, orders.id());
    }

    /** As the restricted Pod Security Standard wants it. */
    private static void locked(ObjectNode spec) {
        ObjectNode pod = spec.putObject("securityContext");
        pod.put("runAsNonRoot", true);
        pod.putObject("seccompProfile").put("type", "RuntimeDefault");
        ObjectNode container = (ObjectNode) spec.path("containers").path(0);
        ObjectNode own = container.putObject("securityContext");
        own.put("allowPrivilegeEscalation", false);
        own.put("readOnlyRootFilesystem", true);
        own.putObject("capabilities").putArray("drop").add("ALL");
        container.putArray("volumeMounts").addObject().put("name", "tmp").put("mountPath", "/tmp");
        spec.putArray("volumes").addObject().put("name", "tmp").putObject("emptyDir");
    }
}
