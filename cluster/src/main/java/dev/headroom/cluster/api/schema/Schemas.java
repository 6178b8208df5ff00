package dev.headroom.cluster.api.schema;

import dev.headroom.cluster.api.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The definitions of the served kinds. {@code schemas.json}, {@code fields.txt} and {@code numbers.txt} are output of Kubernetes 1.34 (Apache-2.0), made by
 * {@code cluster/schema}; each is cut at its lines when the server starts, and a definition is parsed when it is first needed.
 */
public final class Schemas {
    private static final String KINDS = "x-kubernetes-group-version-kind";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final Map<String, Type> OPAQUE =
            Map.ofEntries(
                    Map.entry(
                            "io.k8s.apimachinery.pkg.api.resource.Quantity", Type.Scalar.QUANTITY),
                    Map.entry(
                            "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
                            Type.Scalar.INT_OR_STRING),
                    Map.entry(META + "Time", Type.Scalar.TIME),
                    Map.entry(META + "MicroTime", Type.Scalar.MICRO_TIME),
                    Map.entry(META + "Duration", Type.Scalar.DURATION),
                    Map.entry(META + "FieldsV1", new Type.Any()),
                    Map.entry(META + "Patch", new Type.Any()),
                    Map.entry("io.k8s.apimachinery.pkg.runtime.RawExtension", new Type.Any()));

    /** A definition as it stands in the resource, and its fields' marks. */
    private final SortedMap<String, String> definitions;

    private final Map<String, String> marks;
    private volatile @Nullable Map<String, String> numbers;
    private volatile @Nullable Set<String> kinds;
    private final Map<String, StructType> types = new ConcurrentHashMap<>();

    public Schemas() {
        this.definitions = definitions(resource("schemas.json"));
        this.marks = marks(resource("fields.txt"));
    }

    private static String resource(String name) {
        try (InputStream in = Schemas.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from this program's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    /** Lines of the form {@code "name":{…},}. */
    private static SortedMap<String, String> definitions(String text) {
        SortedMap<String, String> found = new TreeMap<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            if (text.charAt(at) == '"') {
                int name = text.indexOf('"', at + 1);
                int last = text.charAt(end - 1) == ',' ? end - 1 : end;
                found.put(text.substring(at + 1, name), text.substring(name + 2, last));
            }
            at = end + 1;
        }
        return found;
    }

    private static Map<String, String> marks(String text) {
        Map<String, String> found = new HashMap<>();
        text.lines()
                .forEach(line -> {
                    int space = line.indexOf(' ');
                    if (space > 0) {
                        found.put(line.substring(0, space), line.substring(space + 1));
                    }
                });
        return found;
    }

    /** Differs where any definition does. */
    public int fingerprint() {
        return 31 * definitions.hashCode() + marks.hashCode();
    }

    /** The definition's JSON, as Kubernetes publishes it. */
    public @Nullable String definition(String name) {
        return definitions.get(name);
    }

    /** The numbers of a definition's fields in protobuf, each {@code name=2} or, within what is embedded, {@code name=2.7}. */
    List<String> numbers(String definition) {
        Map<String, String> known = numbers;
        if (known == null) {
            // Read when the first client sends it: most send none.
            known = marks(resource("numbers.txt"));
            numbers = known;
        }
        return List.of(known.getOrDefault(definition, "").split(" "));
    }

    /** Whether there is a kind of this name in a group's version, as clients may name it. */
    public boolean isRegistered(String group, String version, String kind) {
        return kinds().contains(String.join("/", group, version, kind));
    }

    /** Whether a group has a version, if only an old one that is served no more. */
    public boolean isRegistered(String group, String version) {
        // Upstream registers these options with every version.
        return isRegistered(group, version, "DeleteOptions");
    }

    private Set<String> kinds() {
        Set<String> known = kinds;
        if (known == null) {
            known = new HashSet<>();
            for (String definition : definitions.values()) {
                if (definition.contains(KINDS)) {
                    for (JsonNode kind : Json.MAPPER.readTree(definition).path(KINDS)) {
                        known.add(
                                String.join(
                                        "/",
                                        Json.text(kind, "group"),
                                        Json.text(kind, "version"),
                                        Json.text(kind, "kind")));
                    }
                }
            }
            kinds = known;
        }
        return known;
    }

    public StructType struct(String definition) {
        StructType known = types.get(definition);
        if (known != null) {
            return known;
        }
        StructType parsed = parse(definition);
        types.put(definition, parsed);
        return parsed;
    }

    public StructType struct(Type.Struct type) {
        return struct(type.definition());
    }

    private StructType parse(String definition) {
        String text = definitions.get(definition);
        if (text == null) {
            throw new IllegalArgumentException("no definition of " + definition);
        }
        JsonNode schema = Json.MAPPER.readTree(text);
        JsonNode properties = schema.path("properties");
        Map<String, Field> fields = new LinkedHashMap<>();
        String order = marks.getOrDefault(definition, "");
        for (String marked : order.isEmpty() ? new String[0] : order.split(" ")) {
            boolean omitted = marked.endsWith("?");
            String name = omitted ? marked.substring(0, marked.length() - 1) : marked;
            boolean pointer = name.endsWith("*");
            name = pointer ? name.substring(0, name.length() - 1) : name;
            JsonNode property = properties.path(name);
            if (!property.isMissingNode()) {
                fields.put(name, field(name, property, pointer, omitted));
            }
        }
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            if (!fields.containsKey(property.getKey())) {
                fields.put(
                        property.getKey(),
                        field(property.getKey(), property.getValue(), true, true));
            }
        }
        boolean atomic = "atomic".equals(Json.text(schema, "x-kubernetes-map-type"));
        return new StructType(definition, atomic, Collections.unmodifiableMap(fields));
    }

    private Field field(String name, JsonNode property, boolean pointer, boolean omitted) {
        Type type = type(property);
        JsonNode defaults = property.get("default");
        boolean stated = defaults instanceof JsonNode d && d.isValueNode() && !zero(d);
        String strategy = Json.text(property, "x-kubernetes-patch-strategy");
        String key = Json.text(property, "x-kubernetes-patch-merge-key");
        return new Field(
                name,
                type,
                pointer,
                omitted,
                stated ? defaults : null,
                merge(type, property),
                Json.texts(property.path("x-kubernetes-list-map-keys")),
                key.isEmpty() ? null : key,
                strategy.isEmpty() ? Set.of() : Set.of(strategy.split(",")));
    }

    private static boolean zero(JsonNode node) {
        return node.isString() && node.stringValue().isEmpty()
                || node.isNumber() && node.doubleValue() == 0
                || node.isBoolean() && !node.booleanValue();
    }

    private Field.Merge merge(Type type, JsonNode property) {
        boolean atomic =
                "atomic".equals(Json.text(property, "x-kubernetes-map-type"))
                        || "atomic".equals(Json.text(property, "x-kubernetes-list-type"));
        if (atomic) {
            return Field.Merge.ATOMIC;
        }
        return switch (type) {
            case Type.ListOf list ->
                    switch (Json.text(property, "x-kubernetes-list-type")) {
                        case "map" -> Field.Merge.GRANULAR;
                        case "set" -> Field.Merge.SET;
                        default -> Field.Merge.ATOMIC;
                    };
            case Type.Struct struct ->
                    struct(struct).atomic() ? Field.Merge.ATOMIC : Field.Merge.GRANULAR;
            case Type.MapOf map -> Field.Merge.GRANULAR;
            case Type.Any any -> Field.Merge.ATOMIC;
            case Type.Scalar scalar -> Field.Merge.ATOMIC;
        };
    }

    private Type type(JsonNode property) {
        String reference = reference(property);
        if (!reference.isEmpty()) {
            Type opaque = OPAQUE.get(reference);
            return opaque != null ? opaque : new Type.Struct(reference);
        }
        return switch (Json.text(property, "type")) {
            case "array" -> new Type.ListOf(type(property.path("items")));
            case "object" ->
                    property.has("additionalProperties")
                            ? new Type.MapOf(type(property.path("additionalProperties")))
                            : new Type.Any();
            case "boolean" -> Type.Scalar.BOOLEAN;
            case "integer" ->
                    "int32".equals(Json.text(property, "format"))
                            ? Type.Scalar.INT32
                            : Type.Scalar.INT64;
            case "number" -> Type.Scalar.DOUBLE;
            case "string" ->
                    switch (Json.text(property, "format")) {
                        case "byte" -> Type.Scalar.BYTES;
                        default -> Type.Scalar.STRING;
                    };
            default -> new Type.Any();
        };
    }

    private static String reference(JsonNode property) {
        String reference = Json.text(property, "$ref");
        if (reference.isEmpty() && property.path("allOf").size() == 1) {
            reference = Json.text(property.path("allOf").path(0), "$ref");
        }
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    /** The definitions that are needed to describe one, itself among them. */
    public Set<String> closure(Set<String> roots) {
        Set<String> seen = new TreeSet<>();
        List<String> open = new ArrayList<>(roots);
        while (!open.isEmpty()) {
            String name = open.removeLast();
            String text = definitions.get(name);
            if (text == null || !seen.add(name)) {
                continue;
            }
            String mark = "\"#/components/schemas/";
            int at = text.indexOf(mark);
            while (at >= 0) {
                int end = text.indexOf('"', at + mark.length());
                open.add(text.substring(at + mark.length(), end));
                at = text.indexOf(mark, end);
            }
        }
        return seen;
    }

    /** An object of a kind with nothing set, as Go would print it. */
    public ObjectNode empty(String definition) {
        return new Decoder(this, struct(definition)).decode(Json.object());
    }
}
