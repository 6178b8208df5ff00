package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether a node may have a pod, by the scheduler's filters in their order; the first that objects says why, in upstream's words. */
final class NodeFit {

    /**
     * Why not.
     *
     * @param reasons empty where the node may have it
     * @param forGood whether the departure of other pods would not help
     */
    record Objection(List<String> reasons, boolean forGood) {
        static final Objection NONE = new Objection(List.of(), false);

        /** The first of both. */
        Objection or(Supplier<Objection> other) {
            return reasons.isEmpty() ? other.get() : this;
        }

        static Objection forGood(String reason) {
            return new Objection(List.of(reason), true);
        }

        static Objection forNow(String reason) {
            return new Objection(List.of(reason), false);
        }
    }

    private NodeFit() {}

    static Objection of(ObjectNode pod, ObjectNode node, NodeLoads.Load there) {
        String taint = untolerated(pod, node);
        if (taint != null) {
            return Objection.forGood(taint);
        }
        if (!isSelected(pod, node)) {
            return Objection.forGood("node(s) didn't match Pod's node affinity/selector");
        }
        return resources(pod, node, there);
    }

    /** What keeps a pod off a node that it would have to tolerate, in upstream's words; null for nothing. */
    static @Nullable String untolerated(JsonNode pod, JsonNode node) {
        boolean unschedulable = node.path("spec").path("unschedulable").asBoolean(false);
        if (unschedulable
                && !tolerates(pod, "node.kubernetes.io/unschedulable", "", "NoSchedule")) {
            return "node(s) were unschedulable";
        }
        // Upstream's node controller taints a node that is not ready.
        if (!Trees.isTrue(node, "Ready")
                && !tolerates(pod, "node.kubernetes.io/not-ready", "", "NoSchedule")) {
            return "node(s) had untolerated taint {node.kubernetes.io/not-ready: }";
        }
        for (JsonNode taint : node.path("spec").path("taints")) {
            String effect = Trees.text(taint, "effect");
            String key = Trees.text(taint, "key");
            String value = Trees.text(taint, "value");
            if (!effect.equals("PreferNoSchedule") && !tolerates(pod, key, value, effect)) {
                return "node(s) had untolerated taint {" + key + ": " + value + "}";
            }
        }
        return null;
    }

    private static boolean tolerates(JsonNode pod, String key, String value, String effect) {
        for (JsonNode toleration : pod.path("spec").path("tolerations")) {
            String wanted = Trees.text(toleration, "key");
            boolean exists = Trees.text(toleration, "operator").equals("Exists");
            String effects = Trees.text(toleration, "effect");
            if ((wanted.isEmpty() || wanted.equals(key))
                    && (exists || Trees.text(toleration, "value").equals(value))
                    && (effects.isEmpty() || effects.equals(effect))) {
                return true;
            }
        }
        return false;
    }

    /** By its node selector and the affinity that it requires. */
    static boolean isSelected(JsonNode pod, JsonNode node) {
        for (var wanted : pod.path("spec").path("nodeSelector").properties()) {
            if (!Trees.labels(node).path(wanted.getKey()).equals(wanted.getValue())) {
                return false;
            }
        }
        JsonNode required =
                Trees.at(
                        pod,
                        "spec",
                        "affinity",
                        "nodeAffinity",
                        "requiredDuringSchedulingIgnoredDuringExecution");
        return required.isMissingNode()
                || required.path("nodeSelectorTerms")
                        .valueStream()
                        .anyMatch(term -> matches(term, node));
    }

    /** A term without any requirement matches nothing. */
    static boolean matches(JsonNode term, JsonNode node) {
        JsonNode labels = term.path("matchExpressions");
        JsonNode fields = term.path("matchFields");
        return !(labels.isEmpty() && fields.isEmpty())
                && labels.valueStream()
                        .allMatch(e -> holds(e, Trees.labels(node).path(Trees.text(e, "key"))))
                && fields.valueStream().allMatch(e -> holds(e, node.path("metadata").path("name")));
    }

    private static boolean holds(JsonNode expression, JsonNode value) {
        JsonNode values = expression.path("values");
        boolean listed = values.valueStream().anyMatch(value::equals);
        return switch (Trees.text(expression, "operator")) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> !value.isMissingNode();
            case "DoesNotExist" -> value.isMissingNode();
            case "Gt" -> compare(value, values.path(0)) > 0;
            case "Lt" -> compare(value, values.path(0)) < 0;
            default -> false;
        };
    }

    /** As whole numbers; 0 where one of them is none. */
    private static int compare(JsonNode one, JsonNode other) {
        String left = one.asString("");
        String right = other.asString("");
        String number = "-?\\d{1,18}";
        return left.matches(number) && right.matches(number)
                ? Long.compare(Long.parseLong(left), Long.parseLong(right))
                : 0;
    }

    private static Objection resources(ObjectNode pod, ObjectNode node, NodeLoads.Load there) {
        JsonNode allocatable = node.path("status").path("allocatable");
        NodeLoads.Load wanted = NodeLoads.of(pod);
        List<String> reasons = new ArrayList<>();
        boolean forGood = false;
        if (there.pods() + 1 > allocatable.path("pods").asInt(110)) {
            reasons.add("Too many pods");
        }
        long cpu = Requests.quantity(allocatable.path("cpu")).movePointRight(3).longValue();
        long memory = Requests.quantity(allocatable.path("memory")).longValue();
        if (wanted.cpuMilli() > 0 && there.cpuMilli() + wanted.cpuMilli() > cpu) {
            reasons.add("Insufficient cpu");
            forGood |= wanted.cpuMilli() > cpu;
        }
        if (wanted.memoryBytes() > 0 && there.memoryBytes() + wanted.memoryBytes() > memory) {
            reasons.add("Insufficient memory");
            forGood |= wanted.memoryBytes() > memory;
        }
        for (String other : others(pod)) {
            if (Requests.of(pod, other).compareTo(Requests.quantity(allocatable.path(other))) > 0) {
                reasons.add("Insufficient " + other);
                forGood = true;
            }
        }
        return new Objection(reasons, forGood);
    }

    /** Resources that no node here has, such as GPUs. */
    private static List<String> others(JsonNode pod) {
        List<String> found = new ArrayList<>();
        for (JsonNode container : pod.path("spec").path("containers")) {
            for (Map.Entry<String, JsonNode> request :
                    container.path("resources").path("requests").properties()) {
                String name = request.getKey();
                if (!List.of("cpu", "memory", "ephemeral-storage").contains(name)
                        && !found.contains(name)) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    /** How empty a node would be with the pod on it, 0 to 1 (upstream: LeastAllocated). */
    static double room(ObjectNode pod, ObjectNode node, NodeLoads.Load there) {
        JsonNode allocatable = node.path("status").path("allocatable");
        NodeLoads.Load all = there.plus(NodeLoads.of(pod));
        double cpu = Requests.quantity(allocatable.path("cpu")).doubleValue() * 1000;
        double memory = Requests.quantity(allocatable.path("memory")).doubleValue();
        return (Math.max(0, 1 - all.cpuMilli() / cpu) + Math.max(0, 1 - all.memoryBytes() / memory))
                / 2;
    }
}
