package dev.headroom.cluster.api.table;

import dev.headroom.autoscaler.TargetsColumn;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Selectors;
import dev.headroom.cluster.objects.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code kubectl get} prints, as the server's own {@code meta.k8s.io/v1 Table}, with upstream's columns. */
public final class Tables {
    private Tables() {}

    /**
     * A column.
     *
     * @param priority 0 for always, 1 for {@code -o wide}
     */
    private record Column(
            String name, String type, int priority, BiFunction<JsonNode, Instant, Object> cell) {}

    private static Column text(String name, BiFunction<JsonNode, Instant, Object> cell) {
        return new Column(name, "string", 0, cell);
    }

    private static Column wide(String name, BiFunction<JsonNode, Instant, Object> cell) {
        return new Column(name, "string", 1, cell);
    }

    private static Column number(String name, BiFunction<JsonNode, Instant, Object> cell) {
        return new Column(name, "integer", 0, cell);
    }

    private static final Column NAME = text("Name", (o, now) -> Json.name(o));
    private static final Column AGE =
            text("Age", (o, now) -> Ages.since(Json.text(o, "metadata", "creationTimestamp"), now));

    private static final List<Column> OTHERS =
            List.of(
                    NAME,
                    text("Created At", (o, now) -> Json.text(o, "metadata", "creationTimestamp")));

    /** The column definitions of a kind's table. */
    public static ArrayNode columns(ResourceType type) {
        ArrayNode definitions = Json.array();
        for (Column column : columns(type.kind())) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.name().equals("Name") ? "name" : "")
                    .put("description", "")
                    .put("priority", column.priority());
        }
        return definitions;
    }

    /** An object's row. */
    public static ArrayNode cells(ResourceType type, ObjectNode object, Instant now) {
        ArrayNode cells = Json.array();
        for (Column column : columns(type.kind())) {
            Object value = column.cell().apply(object, now);
            if (value instanceof Integer n) {
                cells.add(n);
            } else {
                cells.add(String.valueOf(value));
            }
        }
        return cells;
    }

    private static List<Column> columns(String kind) {
        return switch (kind) {
            case "Pod" -> PodCells.COLUMNS.stream().map(Tables::column).toList();
            case "Deployment" ->
                    List.of(
                            NAME,
                            text(
                                    "Ready",
                                    (o, now) ->
                                            count(o, "readyReplicas")
                                                    + "/"
                                                    + o.path("spec").path("replicas").asInt(0)),
                            number("Up-to-date", (o, now) -> count(o, "updatedReplicas")),
                            number("Available", (o, now) -> count(o, "availableReplicas")),
                            AGE,
                            wide("Containers", (o, now) -> containers(o, "name")),
                            wide("Images", (o, now) -> containers(o, "image")),
                            wide(
                                    "Selector",
                                    (o, now) -> Selectors.text(o.path("spec").path("selector"))));
            case "ReplicaSet" ->
                    List.of(
                            NAME,
                            number("Desired", (o, now) -> o.path("spec").path("replicas").asInt(0)),
                            number("Current", (o, now) -> count(o, "replicas")),
                            number("Ready", (o, now) -> count(o, "readyReplicas")),
                            AGE,
                            wide("Containers", (o, now) -> containers(o, "name")),
                            wide("Images", (o, now) -> containers(o, "image")),
                            wide(
                                    "Selector",
                                    (o, now) -> Selectors.text(o.path("spec").path("selector"))));
            case "Scale" ->
                    List.of(
                            NAME,
                            number("Desired", (o, now) -> o.path("spec").path("replicas").asInt(0)),
                            number("Available", (o, now) -> count(o, "replicas")),
                            AGE);
            case "Service" -> ServiceCells.COLUMNS.stream().map(Tables::column).toList();
            case "HorizontalPodAutoscaler" ->
                    List.of(
                            NAME,
                            text(
                                    "Reference",
                                    (o, now) ->
                                            Json.text(o, "spec", "scaleTargetRef", "kind")
                                                    + "/"
                                                    + Json.text(
                                                            o, "spec", "scaleTargetRef", "name")),
                            text("Targets", (o, now) -> targets(o)),
                            text(
                                    "MinPods",
                                    (o, now) ->
                                            o.path("spec").path("minReplicas").asString("<unset>")),
                            number(
                                    "MaxPods",
                                    (o, now) -> o.path("spec").path("maxReplicas").asInt(0)),
                            number("Replicas", (o, now) -> count(o, "currentReplicas")),
                            AGE);
            case "Node" -> NodeCells.COLUMNS.stream().map(Tables::column).toList();
            case "Namespace" ->
                    List.of(NAME, text("Status", (o, now) -> Json.text(o, "status", "phase")), AGE);
            case "Event" -> EventCells.COLUMNS.stream().map(Tables::column).toList();
            case "ConfigMap" ->
                    List.of(
                            NAME,
                            number(
                                    "Data",
                                    (o, now) ->
                                            o.path("data").size() + o.path("binaryData").size()),
                            AGE);
            case "Secret" ->
                    List.of(
                            NAME,
                            text("Type", (o, now) -> Json.text(o, "type")),
                            number("Data", (o, now) -> o.path("data").size()),
                            AGE);
            case "ServiceAccount" ->
                    List.of(NAME, number("Secrets", (o, now) -> o.path("secrets").size()), AGE);
            case "Endpoints" ->
                    List.of(NAME, text("Endpoints", (o, now) -> ServiceCells.endpoints(o)), AGE);
            case "EndpointSlice" ->
                    List.of(
                            NAME,
                            text("AddressType", (o, now) -> Json.text(o, "addressType")),
                            text("Ports", (o, now) -> ServiceCells.slicePorts(o)),
                            text("Endpoints", (o, now) -> ServiceCells.sliceAddresses(o)),
                            AGE);
            case "PodDisruptionBudget" ->
                    List.of(
                            NAME,
                            text(
                                    "Min Available",
                                    (o, now) ->
                                            o.path("spec").path("minAvailable").asString("N/A")),
                            text(
                                    "Max Unavailable",
                                    (o, now) ->
                                            o.path("spec").path("maxUnavailable").asString("N/A")),
                            number(
                                    "Allowed Disruptions",
                                    (o, now) -> count(o, "disruptionsAllowed")),
                            AGE);
            case "NetworkPolicy" ->
                    List.of(
                            NAME,
                            text(
                                    "Pod-Selector",
                                    (o, now) -> {
                                        String selector =
                                                Selectors.text(o.path("spec").path("podSelector"));
                                        return selector.isEmpty() ? "<none>" : selector;
                                    }),
                            AGE);
            case "Lease" ->
                    List.of(
                            NAME,
                            text("Holder", (o, now) -> Json.text(o, "spec", "holderIdentity")),
                            AGE);
            default -> OTHERS;
        };
    }

    /** A cell of a kind that needs more than a line. */
    record Cell(String name, boolean wide, BiFunction<JsonNode, Instant, Object> value) {}

    private static Column column(Cell cell) {
        return new Column(cell.name(), "string", cell.wide() ? 1 : 0, cell.value());
    }

    static int count(JsonNode object, String field) {
        return object.path("status").path(field).asInt(0);
    }

    private static String containers(JsonNode object, String field) {
        return String.join(
                ",",
                object.path("spec")
                        .path("template")
                        .path("spec")
                        .path("containers")
                        .valueStream()
                        .map(container -> Json.text(container, field))
                        .toList());
    }

    private static String targets(JsonNode autoscaler) {
        return TargetsColumn.text(
                Json.plain(autoscaler.path("spec").path("metrics")),
                Json.plain(autoscaler.path("status").path("currentMetrics")));
    }
}
