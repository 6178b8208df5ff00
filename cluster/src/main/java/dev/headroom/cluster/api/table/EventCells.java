package dev.headroom.cluster.api.table;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.table.Tables.Cell;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** An event's line. */
final class EventCells {
    static final List<Cell> COLUMNS =
            List.of(
                    new Cell("Last Seen", false, EventCells::lastSeen),
                    new Cell("Type", false, (o, now) -> Json.text(o, "type")),
                    new Cell("Reason", false, (o, now) -> Json.text(o, "reason")),
                    new Cell("Object", false, (o, now) -> object(o)),
                    new Cell(
                            "Subobject",
                            true,
                            (o, now) -> Json.text(o, "involvedObject", "fieldPath")),
                    new Cell("Source", true, (o, now) -> source(o)),
                    new Cell("Message", false, (o, now) -> Json.text(o, "message").strip()),
                    new Cell(
                            "First Seen",
                            true,
                            (o, now) -> Ages.since(Json.text(o, "firstTimestamp"), now)),
                    new Cell("Count", true, (o, now) -> o.path("count").asString("1")),
                    new Cell("Name", true, (o, now) -> Json.name(o)));

    private EventCells() {}

    private static String lastSeen(JsonNode event, Instant now) {
        String last = Json.text(event, "lastTimestamp");
        return Ages.since(last.isEmpty() ? Json.text(event, "eventTime") : last, now);
    }

    private static String source(JsonNode event) {
        String host = Json.text(event, "source", "host");
        return Json.text(event, "source", "component") + (host.isEmpty() ? "" : ", " + host);
    }

    private static String object(JsonNode event) {
        return Json.text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT)
                + "/"
                + Json.text(event, "involvedObject", "name");
    }
}
