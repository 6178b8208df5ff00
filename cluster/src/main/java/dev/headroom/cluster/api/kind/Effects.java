package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.schema.Field;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.schema.StructType;
import dev.headroom.cluster.api.schema.Type;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of each field that is served, as {@code effects.txt} says it: whoever sets one in vain is told so. */
public final class Effects {
    private static final String API = "io.k8s.api.";
    private static final String META = "io.k8s.apimachinery.pkg.apis.";
    private static final Pattern LINE =
            Pattern.compile(
                    "  (partly|kept|refused)\\s+(\\w+(?:\\[\\S+])?)(?: \\(([^)]*)\\))?: (.+)");

    private final Schemas schemas;
    private final Map<String, Map<String, Effect>> table;

    /** What a field is to this cluster. */
    public enum State {
        /** It has the effect that Kubernetes gives it. */
        ENFORCED,
        /** It has a part of that effect: which part it has not is said. */
        PARTLY,
        /** It is kept and given back, without an effect. */
        KEPT,
        /** Who asks for it is told by an error or an event that it is not to be had. */
        REFUSED
    }

    /**
     * What becomes of a field.
     *
     * @param harmless values that say what happens here anyway: to set one is not in vain
     * @param why empty where it is enforced
     */
    public record Effect(State state, Set<String> harmless, String why) {
        private static final Effect ENFORCED = new Effect(State.ENFORCED, Set.of(), "");

        /** Whether what lies below it has effects of its own. */
        public boolean isOpen() {
            return state == State.ENFORCED || state == State.PARTLY;
        }
    }

    public Effects(Schemas schemas) {
        this.schemas = schemas;
        this.table = parse(read());
    }

    private static String read() {
        try (InputStream in = Effects.class.getResourceAsStream("effects.txt")) {
            if (in == null) {
                throw new IllegalStateException("effects.txt is missing from this program's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read effects.txt", e);
        }
    }

    private static Map<String, Map<String, Effect>> parse(String text) {
        Map<String, Map<String, Effect>> table = new HashMap<>();
        Map<String, Effect> fields = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (!line.startsWith(" ")) {
                fields = new LinkedHashMap<>();
                table.put((line.startsWith("meta.") ? META : API) + line, fields);
            } else if (line.startsWith("  enforced ")) {
                for (String field : line.strip().split("\\s+", -1)) {
                    fields.put(field, Effect.ENFORCED);
                }
                fields.remove("enforced");
            } else {
                put(fields, line);
            }
        }
        return table;
    }

    private static void put(Map<String, Effect> fields, String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalStateException("effects.txt: found \"" + line + "\"");
        }
        String values = parts.group(3);
        fields.put(
                parts.group(2),
                new Effect(
                        switch (parts.group(1)) {
                            case "partly" -> State.PARTLY;
                            case "kept" -> State.KEPT;
                            default -> State.REFUSED;
                        },
                        values == null ? Set.of() : Set.of(values.split(" ", -1)),
                        parts.group(4)));
    }

    /** The definitions that something is said of, and of which of their fields; for tests and docs. */
    public Map<String, Map<String, Effect>> all() {
        return table;
    }

    /** Null where the table says nothing of it, which a test does not allow. */
    public @Nullable Effect of(String definition, String field) {
        return table.getOrDefault(definition, Map.of()).get(field);
    }

    /**
     * Says of each field that is set in vain that it is.
     *
     * @param definition the object's
     * @param old what is stored, whose fields have been spoken of before; null at creation
     */
    public void warn(
            String definition,
            ObjectNode object,
            @Nullable ObjectNode old,
            Consumer<String> warning) {
        ObjectNode said = object;
        if (object.has("status")) {
            said = object.deepCopy();
            said.remove("status");
        }
        struct(schemas.struct(definition), said, old == null ? Json.object() : old, "", warning);
    }

    private void struct(
            StructType type, JsonNode object, JsonNode old, String at, Consumer<String> warning) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Field field = type.field(entry.getKey());
            Effect effect = field == null ? null : of(type.definition(), field.name());
            JsonNode before = old.path(entry.getKey());
            if (field == null || effect == null || Json.same(entry.getValue(), before)) {
                continue;
            }
            String place = at.isEmpty() ? field.name() : at + "." + field.name();
            if (effect.isOpen() && field.type() instanceof Type.MapOf) {
                map(type, field.name(), entry.getValue(), before, place, warning);
            } else if (effect.isOpen()) {
                value(field.type(), entry.getValue(), before, place, warning);
            } else {
                say(place, entry.getValue(), effect, warning);
            }
        }
    }

    private void map(
            StructType type,
            String field,
            JsonNode value,
            JsonNode old,
            String at,
            Consumer<String> warning) {
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            String key = "[" + entry.getKey() + "]";
            Effect effect = of(type.definition(), field + key);
            if (effect != null && !Json.same(entry.getValue(), old.path(entry.getKey()))) {
                say(at + key, entry.getValue(), effect, warning);
            }
        }
    }

    private static void say(String at, JsonNode value, Effect effect, Consumer<String> warning) {
        if (effect.state() == State.KEPT && says(value, effect.harmless())) {
            warning.accept(at + " is kept but has no effect on this cluster: " + effect.why());
        }
    }

    private void value(
            Type type, JsonNode value, JsonNode old, String at, Consumer<String> warning) {
        switch (type) {
            case Type.Struct struct -> struct(schemas.struct(struct), value, old, at, warning);
            case Type.ListOf list -> {
                for (int i = 0; i < value.size(); i++) {
                    String place = at + "[" + i + "]";
                    value(list.element(), value.path(i), old.path(i), place, warning);
                }
            }
            case Type.MapOf map -> {}
            case Type.Any any -> {}
            case Type.Scalar scalar -> {}
        }
    }

    private static boolean says(JsonNode value, Set<String> harmless) {
        if (value.isNull() || value.isContainer() && value.isEmpty()) {
            return false;
        }
        if (value instanceof ArrayNode list) {
            return !list.valueStream().allMatch(one -> harmless.contains(one.asString("")));
        }
        return value.isContainer()
                || !harmless.contains(value.asString()) && !value.asString().isEmpty();
    }
}
