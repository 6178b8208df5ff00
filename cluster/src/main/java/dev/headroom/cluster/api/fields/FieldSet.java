package dev.headroom.cluster.api.fields;

import dev.headroom.cluster.api.base.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A set of places in an object, as a trie over the steps of {@code fieldsV1}: {@code f:name} a field, {@code k:{…}} a list element by its
 * keys, {@code v:…} a list element by its value. Not safe for use by several threads.
 */
final class FieldSet {
    private boolean member;
    private final Map<String, FieldSet> children = new TreeMap<>();

    static FieldSet parse(JsonNode fields) {
        FieldSet set = new FieldSet();
        for (Map.Entry<String, JsonNode> entry : fields.properties()) {
            if (entry.getKey().equals(".")) {
                set.member = true;
            } else {
                FieldSet child = parse(entry.getValue());
                child.member |= entry.getValue().isEmpty();
                set.children.put(entry.getKey(), child);
            }
        }
        return set;
    }

    ObjectNode toJson() {
        ObjectNode fields = Json.object();
        if (member && !children.isEmpty()) {
            fields.putObject(".");
        }
        children.forEach((step, child) -> fields.set(step, child.toJson()));
        return fields;
    }

    FieldSet child(String step) {
        return children.computeIfAbsent(step, s -> new FieldSet());
    }

    void add() {
        member = true;
    }

    void add(List<String> path) {
        FieldSet at = this;
        for (String step : path) {
            at = at.child(step);
        }
        at.member = true;
    }

    boolean isEmpty() {
        return !member && children.values().stream().allMatch(FieldSet::isEmpty);
    }

    boolean contains(List<String> path) {
        FieldSet at = this;
        for (String step : path) {
            at = at.children.get(step);
            if (at == null) {
                return false;
            }
        }
        return at.member;
    }

    /** Whether the place, or one inside it, is in the set. */
    boolean reaches(List<String> path) {
        FieldSet at = this;
        for (String step : path) {
            at = at.children.get(step);
            if (at == null) {
                return false;
            }
        }
        return !at.isEmpty();
    }

    void addAll(FieldSet other) {
        member |= other.member;
        other.children.forEach((step, set) -> child(step).addAll(set));
    }

    /** Takes out the places that are in the other set. */
    void removeAll(FieldSet other) {
        member &= !other.member;
        Iterator<Map.Entry<String, FieldSet>> each = children.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, FieldSet> entry = each.next();
            FieldSet theirs = other.children.get(entry.getKey());
            if (theirs != null) {
                entry.getValue().removeAll(theirs);
            }
            if (entry.getValue().isEmpty()) {
                each.remove();
            }
        }
    }

    /** Takes out a place and everything inside it, and what there is nothing left in: an empty one would be read as a member again. */
    void cut(String... path) {
        cut(List.of(path));
    }

    private void cut(List<String> path) {
        FieldSet child = children.get(path.getFirst());
        if (child == null) {
            return;
        }
        if (path.size() > 1) {
            child.cut(path.subList(1, path.size()));
        }
        if (path.size() == 1 || child.isEmpty()) {
            children.remove(path.getFirst());
        }
    }

    FieldSet intersection(FieldSet other) {
        FieldSet both = new FieldSet();
        both.member = member && other.member;
        children.forEach((step, mine) -> {
            FieldSet theirs = other.children.get(step);
            FieldSet inner = theirs == null ? new FieldSet() : mine.intersection(theirs);
            if (!inner.isEmpty()) {
                both.children.put(step, inner);
            }
        });
        return both;
    }

    FieldSet copy() {
        FieldSet copy = new FieldSet();
        copy.addAll(this);
        return copy;
    }

    /** The places, those inside a place after it. */
    List<List<String>> paths() {
        List<List<String>> found = new ArrayList<>();
        each(new ArrayList<>(), (path, set) -> found.add(List.copyOf(path)));
        return found;
    }

    private void each(List<String> path, BiConsumer<List<String>, FieldSet> visit) {
        if (member) {
            visit.accept(path, this);
        }
        children.forEach((step, child) -> {
            path.add(step);
            child.each(path, visit);
            path.removeLast();
        });
    }

    /** As in messages: {@code .spec.template.spec.containers[name="c"].image}. */
    static String text(List<String> path) {
        StringBuilder text = new StringBuilder();
        for (String step : path) {
            String rest = step.substring(2);
            switch (step.charAt(0)) {
                case 'f' -> text.append('.').append(rest);
                case 'v' -> text.append("[=").append(rest).append(']');
                case 'k' -> {
                    List<String> keys = new ArrayList<>();
                    Json.MAPPER
                            .readTree(rest)
                            .properties()
                            .forEach(e -> keys.add(e.getKey() + "=" + e.getValue()));
                    text.append('[').append(String.join(",", keys)).append(']');
                }
                default -> text.append('[').append(rest).append(']');
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && toJson().equals(set.toJson());
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }
}
