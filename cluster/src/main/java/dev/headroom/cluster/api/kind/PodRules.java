package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Pods. */
final class PodRules implements Rules {
    static final Set<String> SELECTABLE =
            Set.of(
                    "spec.nodeName",
                    "spec.restartPolicy",
                    "spec.schedulerName",
                    "spec.serviceAccountName",
                    "spec.hostNetwork",
                    "status.phase",
                    "status.podIP",
                    "status.nominatedNodeName");

    private static final String IMMUTABLE =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    @Override
    public void defaults(ObjectNode pod) {
        ObjectNode spec = Json.ensure(pod, "spec");
        PodDefaults.spec(spec);
        Json.defaultTo(spec, "enableServiceLinks", true);
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Json.objects(spec.path(list))) {
                JsonNode limits = Json.at(container, "resources", "limits");
                if (!limits.isEmpty()) {
                    ObjectNode requests =
                            Json.ensure(Json.ensure(container, "resources"), "requests");
                    for (Map.Entry<String, JsonNode> limit : limits.properties()) {
                        if (!requests.has(limit.getKey())) {
                            requests.set(limit.getKey(), limit.getValue());
                        }
                    }
                }
            }
        }
    }

    /** What admission and the strategy add upstream; the token of the service account is not mounted, since there is nothing to use it. */
    @Override
    public void prepareCreate(ObjectNode pod) {
        ObjectNode spec = Json.ensure(pod, "spec");
        if (!Json.has(spec, "serviceAccountName")) {
            spec.put("serviceAccountName", "default").put("serviceAccount", "default");
        }
        Json.defaultTo(spec, "priority", 0);
        Json.defaultTo(spec, "preemptionPolicy", "PreemptLowerPriority");
        for (String taint :
                List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
            tolerate(spec, taint);
        }
        LabelKeys.merge(pod);
        pod.putObject("status").put("phase", "Pending").put("qosClass", qualityOfService(spec));
    }

    private static void tolerate(ObjectNode spec, String taint) {
        for (JsonNode toleration : spec.path("tolerations")) {
            String key = Json.text(toleration, "key");
            String effect = Json.text(toleration, "effect");
            if ((key.isEmpty() || key.equals(taint))
                    && (effect.isEmpty() || effect.equals("NoExecute"))) {
                return;
            }
        }
        ArrayNode tolerations =
                spec.path("tolerations") instanceof ArrayNode found
                        ? found
                        : spec.putArray("tolerations");
        tolerations
                .addObject()
                .put("key", taint)
                .put("operator", "Exists")
                .put("effect", "NoExecute")
                .put("tolerationSeconds", 300);
    }

    /** Guaranteed, Burstable or BestEffort, by the CPU and memory that containers ask for. */
    static String qualityOfService(JsonNode spec) {
        boolean any = false;
        boolean guaranteed = true;
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                JsonNode requests = Json.at(container, "resources", "requests");
                JsonNode limits = Json.at(container, "resources", "limits");
                for (String resource : List.of("cpu", "memory")) {
                    any |= requests.has(resource) || limits.has(resource);
                    guaranteed &=
                            limits.has(resource)
                                    && limits.path(resource).equals(requests.path(resource));
                }
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    @Override
    public void prepareStatus(ObjectNode pod, ObjectNode old) {
        if (pod.path("status") instanceof ObjectNode status) {
            Json.copy(status, "qosClass", Json.at(old, "status", "qosClass"));
        }
    }

    @Override
    public void validate(ObjectNode pod, Causes causes) {
        PodValidation.spec(pod.path("spec"), "spec", causes);
        // Upstream asks that of pods only, not of templates that may be in use.
        for (String list : List.of("containers", "initContainers")) {
            List<ObjectNode> containers = Json.objects(pod.path("spec").path(list));
            for (int i = 0; i < containers.size(); i++) {
                String image = Json.text(containers.get(i), "image");
                if (!image.equals(image.strip())) {
                    causes.invalid(
                            "spec." + list + "[" + i + "].image",
                            image,
                            "must not have leading or trailing whitespace");
                }
            }
        }
    }

    @Override
    public void warn(ObjectNode pod, Consumer<String> warning) {
        PodWarnings.of(pod.path("spec"), "spec", warning);
    }

    @Override
    public void validateUpdate(ObjectNode pod, ObjectNode old, Causes causes) {
        ObjectNode then =
                old.path("spec").deepCopy() instanceof ObjectNode spec ? spec : Json.object();
        JsonNode now = pod.path("spec");
        for (String list : List.of("initContainers", "containers")) {
            List<ObjectNode> containers = Json.objects(then.path(list));
            if (containers.size() != now.path(list).size()) {
                causes.add(
                        Cause.forbidden(
                                "spec." + list, "pod updates may not add or remove containers"));
                return;
            }
            for (int i = 0; i < containers.size(); i++) {
                Json.copy(containers.get(i), "image", now.path(list).path(i).path("image"));
            }
        }
        for (String free : List.of("activeDeadlineSeconds", "tolerations")) {
            Json.copy(then, free, now.path(free));
        }
        if (Json.integer(then, 0, "terminationGracePeriodSeconds") < 0
                && Json.integer(now, 0, "terminationGracePeriodSeconds") == 1) {
            Json.put(then, "terminationGracePeriodSeconds", 1);
        }
        if (!Json.same(then, now)) {
            causes.add(Cause.forbidden("spec", IMMUTABLE));
        }
    }

    /** A pod that no node has, or that has ended, goes at once. */
    @Override
    public long gracePeriodSeconds(ObjectNode pod, @Nullable Long asked) {
        long period =
                asked != null
                        ? asked
                        : Json.integer(pod, 0, "spec", "terminationGracePeriodSeconds");
        String phase = Json.text(pod, "status", "phase");
        if (Json.text(pod, "spec", "nodeName").isEmpty()
                || phase.equals("Failed")
                || phase.equals("Succeeded")) {
            return 0;
        }
        return period < 0 ? 1 : period;
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public boolean hasStatus() {
        return true;
    }
}
