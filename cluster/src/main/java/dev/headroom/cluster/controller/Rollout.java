package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How many pods each replica set of a deployment is to have (upstream: rolling.go, sync.go, deployment_util.go). */
final class Rollout {
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";

    private Rollout() {}

    static boolean isRecreate(JsonNode deployment) {
        return Trees.text(deployment, "spec", "strategy", "type").equals("Recreate");
    }

    static int replicas(JsonNode object) {
        return object.path("spec").path("replicas").asInt(1);
    }

    private static int available(JsonNode set) {
        return set.path("status").path("availableReplicas").asInt(0);
    }

    private static boolean is(JsonNode set, @Nullable JsonNode other) {
        return other != null && Trees.uid(set).equals(Trees.uid(other));
    }

    static int surge(JsonNode deployment) {
        JsonNode rolling = deployment.path("spec").path("strategy").path("rollingUpdate");
        return isRecreate(deployment)
                ? 0
                : Trees.scaled(rolling.path("maxSurge"), replicas(deployment), true);
    }

    static int maxUnavailable(JsonNode deployment) {
        JsonNode rolling = deployment.path("spec").path("strategy").path("rollingUpdate");
        if (isRecreate(deployment) || replicas(deployment) == 0) {
            return 0;
        }
        int unavailable = Trees.scaled(rolling.path("maxUnavailable"), replicas(deployment), false);
        // Both zero would never move.
        return unavailable == 0 && surge(deployment) == 0
                ? 1
                : Math.min(unavailable, replicas(deployment));
    }

    /** What a set says of its deployment's size, as it was when the set was scaled last; null where it says nothing. */
    private static @Nullable Integer annotated(JsonNode set, String annotation) {
        String text = Trees.at(set, "metadata", "annotations", annotation).asString("");
        return text.matches("\\d{1,9}") ? Integer.valueOf(text) : null;
    }

    /** Whether the deployment has another size than when its sets were scaled last. */
    static boolean wasScaled(JsonNode deployment, List<ObjectNode> owned) {
        return owned.stream()
                .filter(set -> replicas(set) > 0)
                .map(set -> annotated(set, DESIRED))
                .anyMatch(desired -> desired != null && desired != replicas(deployment));
    }

    static int newReplicas(JsonNode deployment, List<ObjectNode> owned, int present) {
        int desired = replicas(deployment);
        int total = owned.stream().mapToInt(Rollout::replicas).sum();
        int room = desired + surge(deployment) - total;
        return room <= 0 ? present : Math.min(present + room, desired);
    }

    /** Sizes of the old sets that may be smaller now. */
    static Map<ObjectNode, Integer> fewerOld(
            JsonNode deployment, List<ObjectNode> owned, JsonNode current) {
        Map<ObjectNode, Integer> sizes = new LinkedHashMap<>();
        List<ObjectNode> old =
                owned.stream().filter(set -> !is(set, current) && replicas(set) > 0).toList();
        int all = owned.stream().mapToInt(Rollout::replicas).sum();
        int minAvailable = replicas(deployment) - maxUnavailable(deployment);
        int newUnavailable = replicas(current) - available(current);
        int most = all - minAvailable - newUnavailable;
        // A set that was scaled a moment ago still counts as available what it no longer has: that
        // is waited out, as upstream does.
        boolean stale = old.stream().anyMatch(set -> available(set) > replicas(set));
        if (most <= 0 || stale) {
            return sizes;
        }
        // Pods that are not healthy go first: they serve nobody.
        for (ObjectNode set : old) {
            int unhealthy = Math.min(replicas(set) - available(set), most);
            if (unhealthy > 0) {
                sizes.put(set, replicas(set) - unhealthy);
                most -= unhealthy;
            }
        }
        int room = owned.stream().mapToInt(Rollout::available).sum() - minAvailable;
        for (ObjectNode set : old) {
            int size = sizes.getOrDefault(set, replicas(set));
            int take = Math.min(size, room);
            if (take > 0) {
                sizes.put(set, size - take);
                room -= take;
            }
        }
        return sizes;
    }

    /** Sizes after the deployment was scaled, or while it is paused: with several sets at work, in proportion to what they have. */
    static Map<ObjectNode, Integer> sizes(
            JsonNode deployment, List<ObjectNode> owned, @Nullable ObjectNode current) {
        int desired = replicas(deployment);
        List<ObjectNode> active = owned.stream().filter(set -> replicas(set) > 0).toList();
        Map<ObjectNode, Integer> sizes = new LinkedHashMap<>();
        if (active.size() <= 1) {
            ObjectNode only =
                    !active.isEmpty()
                            ? active.getFirst()
                            : current != null || owned.isEmpty() ? current : owned.getLast();
            if (only != null) {
                sizes.put(only, desired);
            }
            return sizes;
        }
        if (current != null && isSaturated(deployment, current)) {
            active.stream().filter(set -> !is(set, current)).forEach(set -> sizes.put(set, 0));
        } else if (!isRecreate(deployment)) {
            proportional(deployment, active, sizes);
        }
        return sizes;
    }

    private static boolean isSaturated(JsonNode deployment, JsonNode current) {
        int desired = replicas(deployment);
        Integer before = annotated(current, DESIRED);
        return before != null
                && before == desired
                && replicas(current) == desired
                && available(current) == desired;
    }

    private static void proportional(
            JsonNode deployment, List<ObjectNode> active, Map<ObjectNode, Integer> sizes) {
        int desired = replicas(deployment);
        int allowed = desired > 0 ? desired + surge(deployment) : 0;
        int toAdd = allowed - active.stream().mapToInt(Rollout::replicas).sum();
        Comparator<ObjectNode> age =
                Comparator.comparing(set -> Trees.text(set, "metadata", "creationTimestamp"));
        List<ObjectNode> largestFirst = new ArrayList<>(active);
        largestFirst.sort(
                Comparator.<ObjectNode, Integer>comparing(Rollout::replicas)
                        .reversed()
                        .thenComparing(toAdd > 0 ? age.reversed() : age));
        int added = 0;
        for (ObjectNode set : largestFirst) {
            int part = proportion(deployment, set, toAdd, added);
            sizes.put(set, replicas(set) + part);
            added += part;
        }
        int rest = toAdd - added;
        sizes.computeIfPresent(largestFirst.getFirst(), (set, size) -> Math.max(0, size + rest));
    }

    private static int proportion(JsonNode deployment, JsonNode set, int toAdd, int added) {
        if (toAdd == 0 || toAdd == added) {
            return 0;
        }
        int left = toAdd - added;
        int fraction = fraction(deployment, set);
        return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    private static int fraction(JsonNode deployment, JsonNode set) {
        if (replicas(deployment) == 0) {
            return -replicas(set);
        }
        Integer annotated = annotated(set, MAX);
        int before =
                annotated == null || annotated == 0
                        ? Math.max(1, deployment.path("status").path("replicas").asInt(1))
                        : annotated;
        double size = (double) replicas(set) * (replicas(deployment) + surge(deployment)) / before;
        return (int) Math.round(size) - replicas(set);
    }
}
