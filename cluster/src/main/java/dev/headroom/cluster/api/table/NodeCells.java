package dev.headroom.cluster.api.table;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.table.Tables.Cell;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A node's line. */
final class NodeCells {
    static final List<Cell> COLUMNS =
            List.of(
                    new Cell("Name", false, (o, now) -> Json.name(o)),
                    new Cell("Status", false, (o, now) -> ready(o)),
                    new Cell("Roles", false, (o, now) -> "<none>"),
                    new Cell(
                            "Age",
                            false,
                            (o, now) ->
                                    Ages.since(Json.text(o, "metadata", "creationTimestamp"), now)),
                    new Cell("Version", false, (o, now) -> info(o, "kubeletVersion")),
                    new Cell("Internal-IP", true, (o, now) -> address(o)),
                    new Cell("External-IP", true, (o, now) -> "<none>"),
                    new Cell("OS-Image", true, (o, now) -> info(o, "osImage")),
                    new Cell("Kernel-Version", true, (o, now) -> info(o, "kernelVersion")),
                    new Cell(
                            "Container-Runtime",
                            true,
                            (o, now) -> info(o, "containerRuntimeVersion")));

    private NodeCells() {}

    private static String info(JsonNode node, String field) {
        return Json.text(node, "status", "nodeInfo", field);
    }

    private static String ready(JsonNode node) {
        for (JsonNode condition : node.path("status").path("conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                String state = Json.text(condition, "status").equals("True") ? "Ready" : "NotReady";
                return node.path("spec").path("unschedulable").asBoolean(false)
                        ? state + ",SchedulingDisabled"
                        : state;
            }
        }
        return "Unknown";
    }

    private static String address(JsonNode node) {
        for (JsonNode address : node.path("status").path("addresses")) {
            if (Json.text(address, "type").equals("InternalIP")) {
                return Json.text(address, "address");
            }
        }
        return "<none>";
    }
}
