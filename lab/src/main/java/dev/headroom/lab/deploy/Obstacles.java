package dev.headroom.lab.deploy;

import dev.headroom.lab.deploy.DeploymentRecord.Reason;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Why pods do not become ready: read from their statuses, the events about them, and the workload's own conditions. A pure function of these. */
public final class Obstacles {
    /** Reasons that no waiting cures, as a rule. */
    private static final Set<String> LASTING =
            Set.of(
                    "ErrImagePull",
                    "ImagePullBackOff",
                    "ErrImageNeverPull",
                    "InvalidImageName",
                    "CreateContainerConfigError",
                    "CreateContainerError",
                    "RunContainerError",
                    "CrashLoopBackOff",
                    "FailedCreate");

    private static final String NOT_READY = "NotReady";

    private Obstacles() {}

    /** Whether waiting hardly helps. */
    public static boolean lasting(Reason reason, boolean nodesMayGrow) {
        return LASTING.contains(reason.reason())
                || reason.reason().equals("Unschedulable") && !nodesMayGrow;
    }

    /**
     * All that stands in the way, statuses before events, each once.
     *
     * @param now for statuses without a time of their own, milliseconds
     */
    public static List<Reason> of(
            JsonNode workload, List<JsonNode> pods, List<JsonNode> events, long now) {
        Map<String, Reason> reasons = new LinkedHashMap<>();
        for (JsonNode condition : workload.path("status").path("conditions")) {
            String type = condition.path("type").asString("");
            if (type.equals("ReplicaFailure")
                    && condition.path("status").asString("").equals("True")) {
                add(
                        reasons,
                        new Reason(
                                time(condition.path("lastTransitionTime"), now),
                                title(workload),
                                condition.path("reason").asString(""),
                                condition.path("message").asString(""),
                                "status"));
            }
        }
        for (JsonNode pod : pods) {
            podStatus(pod, now).forEach(r -> add(reasons, r));
        }
        List<JsonNode> warnings = new ArrayList<>(events);
        warnings.removeIf(e -> !e.path("type").asString("").equals("Warning"));
        warnings.sort(Comparator.comparingLong((JsonNode e) -> eventTime(e, now)).reversed());
        for (JsonNode event : warnings) {
            JsonNode about = event.path("involvedObject");
            add(
                    reasons,
                    new Reason(
                            eventTime(event, now),
                            about.path("kind").asString("") + "/" + about.path("name").asString(""),
                            event.path("reason").asString(""),
                            event.path("message").asString(""),
                            "event"));
        }
        return reasons.values().stream().limit(50).toList();
    }

    /** The first of them; where that only says that a container is not ready, with what the newest event says of it. Empty where there is none. */
    static String words(List<Reason> reasons) {
        if (reasons.isEmpty()) {
            return "";
        }
        Reason first = reasons.getFirst();
        String words = first.object() + ": " + first.reason() + ": " + first.message();
        if (!first.reason().equals(NOT_READY)) {
            return words;
        }
        return reasons.stream()
                .filter(r -> r.source().equals("event") && r.object().equals(first.object()))
                .findFirst()
                .map(event -> words + ": " + event.message())
                .orElse(words);
    }

    private static List<Reason> podStatus(JsonNode pod, long now) {
        List<Reason> reasons = new ArrayList<>();
        String title = "Pod/" + pod.path("metadata").path("name").asString("");
        JsonNode status = pod.path("status");
        for (String kind : List.of("initContainerStatuses", "containerStatuses")) {
            for (JsonNode container : status.path(kind)) {
                container(container, title, now, reasons);
            }
        }
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("status").asString("").equals("False")
                    && condition.path("type").asString("").equals("PodScheduled")) {
                reasons.add(
                        new Reason(
                                time(condition.path("lastTransitionTime"), now),
                                title,
                                condition.path("reason").asString("Unschedulable"),
                                condition.path("message").asString(""),
                                "status"));
            }
        }
        return reasons;
    }

    private static void container(JsonNode container, String pod, long now, List<Reason> reasons) {
        String name = container.path("name").asString("");
        JsonNode waiting = container.path("state").path("waiting");
        String reason = waiting.path("reason").asString("");
        if (!reason.isEmpty()
                && !reason.equals("ContainerCreating")
                && !reason.equals("PodInitializing")) {
            reasons.add(
                    new Reason(
                            now,
                            pod,
                            reason,
                            "container "
                                    + name
                                    + ": "
                                    + waiting.path("message").asString("waiting"),
                            "status"));
        }
        for (String state : List.of("state", "lastState")) {
            JsonNode terminated = container.path(state).path("terminated");
            if (terminated.isObject()) {
                reasons.add(
                        new Reason(
                                time(terminated.path("finishedAt"), now),
                                pod,
                                terminated.path("reason").asString("Terminated"),
                                "container "
                                        + name
                                        + " ended with exit code "
                                        + terminated.path("exitCode").asInt(-1)
                                        + after(terminated.path("message").asString("")),
                                "status"));
                return;
            }
        }
        if (!container.path("ready").asBoolean(false)
                && container.path("state").path("running").isObject()) {
            reasons.add(
                    new Reason(
                            now,
                            pod,
                            NOT_READY,
                            "container " + name + " runs but is not ready",
                            "status"));
        }
    }

    private static String after(String message) {
        return message.isBlank() ? "" : ": " + message.strip();
    }

    private static void add(Map<String, Reason> reasons, Reason reason) {
        reasons.putIfAbsent(
                reason.object() + " " + reason.reason() + " " + reason.message(), reason);
    }

    static String title(JsonNode object) {
        return object.path("kind").asString("")
                + "/"
                + object.path("metadata").path("name").asString("");
    }

    private static long eventTime(JsonNode event, long now) {
        for (String field : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
            if (event.path(field).isString()) {
                return time(event.path(field), now);
            }
        }
        return time(event.path("metadata").path("creationTimestamp"), now);
    }

    static long time(JsonNode time, long otherwise) {
        try {
            return time.isString() ? Instant.parse(time.stringValue()).toEpochMilli() : otherwise;
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }
}
