package dev.headroom.cluster.api.table;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.table.Tables.Cell;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The lines of services and their endpoints. */
final class ServiceCells {
    static final List<Cell> COLUMNS =
            List.of(
                    new Cell("Name", false, (o, now) -> Json.name(o)),
                    new Cell("Type", false, (o, now) -> Json.text(o, "spec", "type")),
                    new Cell(
                            "Cluster-IP",
                            false,
                            (o, now) -> orNone(Json.text(o, "spec", "clusterIP"))),
                    new Cell("External-IP", false, (o, now) -> external(o)),
                    new Cell("Port(s)", false, (o, now) -> ports(o)),
                    new Cell(
                            "Age",
                            false,
                            (o, now) ->
                                    Ages.since(Json.text(o, "metadata", "creationTimestamp"), now)),
                    new Cell("Selector", true, (o, now) -> selector(o)));

    private ServiceCells() {}

    private static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    private static String external(JsonNode service) {
        if (Json.text(service, "spec", "type").equals("ExternalName")) {
            return Json.text(service, "spec", "externalName");
        }
        List<String> own = Json.texts(service.path("spec").path("externalIPs"));
        if (!Json.text(service, "spec", "type").equals("LoadBalancer")) {
            return own.isEmpty() ? "<none>" : String.join(",", own);
        }
        List<String> addresses = new ArrayList<>();
        for (JsonNode ingress : service.path("status").path("loadBalancer").path("ingress")) {
            addresses.add(ingress.path("ip").asString(Json.text(ingress, "hostname")));
        }
        addresses.addAll(own);
        return addresses.isEmpty() ? "<pending>" : String.join(",", addresses);
    }

    private static String ports(JsonNode service) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : service.path("spec").path("ports")) {
            int node = port.path("nodePort").asInt(0);
            ports.add(
                    port.path("port").asInt(0)
                            + (node == 0 ? "" : ":" + node)
                            + "/"
                            + Json.text(port, "protocol"));
        }
        return ports.isEmpty() ? "<none>" : String.join(",", ports);
    }

    private static String selector(JsonNode service) {
        List<String> parts = new ArrayList<>();
        service.path("spec")
                .path("selector")
                .properties()
                .forEach(entry -> parts.add(entry.getKey() + "=" + entry.getValue().asString("")));
        return parts.isEmpty() ? "<none>" : String.join(",", parts);
    }

    static String endpoints(JsonNode endpoints) {
        List<String> all = new ArrayList<>();
        for (JsonNode subset : endpoints.path("subsets")) {
            for (JsonNode port : subset.path("ports")) {
                subset.path("addresses")
                        .forEach(a ->
                                all.add(Json.text(a, "ip") + ":" + port.path("port").asInt(0)));
            }
        }
        return shortened(all, "<none>");
    }

    static String slicePorts(JsonNode slice) {
        List<String> ports = new ArrayList<>();
        slice.path("ports").forEach(port -> ports.add(port.path("port").asString("")));
        return ports.isEmpty() ? "<unset>" : String.join(",", ports);
    }

    static String sliceAddresses(JsonNode slice) {
        List<String> all = new ArrayList<>();
        slice.path("endpoints")
                .forEach(e -> e.path("addresses").forEach(a -> all.add(a.asString(""))));
        return shortened(all, "<unset>");
    }

    private static String shortened(List<String> all, String none) {
        if (all.isEmpty()) {
            return none;
        }
        return all.size() <= 3
                ? String.join(",", all)
                : String.join(",", all.subList(0, 3)) + " + " + (all.size() - 3) + " more...";
    }
}
