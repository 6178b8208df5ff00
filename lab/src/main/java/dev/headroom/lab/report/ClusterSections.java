package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.observe.Observation.Change;
import dev.headroom.lab.report.Html.Cell;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the cluster said of itself: how the deployment became ready, its conditions over time, and its events. */
final class ClusterSections {
    /** So many events are shown at once; more are folded away. */
    private static final int SHOWN = 12;

    private final Html page;
    private final TimeAxis axis;
    private final Seen seen;
    private final DeploymentRecord deployment;

    ClusterSections(Html page, TimeAxis axis, Seen seen, DeploymentRecord deployment) {
        this.page = page;
        this.axis = axis;
        this.seen = seen;
        this.deployment = deployment;
    }

    void write() {
        rollout();
        conditions();
        events();
    }

    private void rollout() {
        DeploymentRecord.Rollout rollout = deployment.rollout();
        page.section("rollout", "Deployment");
        page.element(
                "p",
                (rollout.ready() ? "Ready after " : "Not ready after ")
                        + Plain.number(rollout.seconds(), 1, "s")
                        + ": "
                        + rollout.readyReplicas()
                        + " of "
                        + Plain.count(rollout.replicas(), "replica", "replicas")
                        + ".");
        if (!rollout.reasons().isEmpty()) {
            List<List<Cell>> rows = new ArrayList<>();
            rollout.reasons()
                    .forEach(r ->
                            rows.add(
                                    List.of(
                                            axis.cell(r.at()),
                                            Cell.code(r.object()),
                                            Cell.of(r.reason()),
                                            Cell.of(r.message()),
                                            Cell.of(r.source()))));
            page.table(
                    "What stood in the way, the most telling first",
                    List.of("when", "object", "reason", "message", "source"),
                    rows);
        }
        page.end();
    }

    private void conditions() {
        page.section("conditions", "Conditions over time");
        List<List<Cell>> rows = new ArrayList<>();
        Map<String, String> before = new HashMap<>();
        for (Change change : seen.changes()) {
            String kind = change.objectKind();
            if (!kind.equals("HorizontalPodAutoscaler")
                    && !kind.equals(deployment.target().kind())) {
                continue;
            }
            for (JsonNode condition : change.object().path("status").path("conditions")) {
                String type = Seen.text(condition, "type");
                List<Cell> said =
                        List.of(
                                axis.cell(change.at()),
                                Cell.code(kind + "/" + change.name()),
                                Cell.word(type),
                                Cell.word(Seen.text(condition, "status")),
                                Cell.word(Seen.text(condition, "reason")),
                                Cell.of(Seen.text(condition, "message")));
                String words = said.subList(3, 6).toString();
                if (!words.equals(before.put(kind + "/" + change.name() + "/" + type, words))) {
                    rows.add(said);
                }
            }
        }
        if (rows.isEmpty()) {
            page.element("p", "note", "None was observed.");
        } else {
            page.longTable(
                    "Conditions of the autoscaler and its target, each time they changed",
                    List.of("when", "object", "condition", "status", "reason", "message"),
                    rows);
        }
        page.end();
    }

    private void events() {
        page.section("events", "Kubernetes events");
        List<List<Cell>> rows = new ArrayList<>();
        for (Change change : seen.changesOf("Event")) {
            JsonNode event = change.object();
            if (change.change().equals("DELETED")) {
                continue;
            }
            Integer count = Seen.whole(event, "count");
            rows.add(
                    List.of(
                            axis.cell(change.at()),
                            Cell.code(
                                    Seen.text(event, "involvedObject", "kind")
                                            + "/"
                                            + Seen.text(event, "involvedObject", "name")),
                            Cell.word(Seen.text(event, "type")),
                            Cell.word(Seen.text(event, "reason")),
                            Cell.of(Seen.text(event, "message")),
                            Cell.number(count == null ? "1" : count.toString())));
        }
        if (rows.isEmpty()) {
            page.element("p", "note", "None was observed.");
        } else {
            page.raw(rows.size() > SHOWN ? "<details><summary>" : "<details open><summary>")
                    .text(Plain.count(rows.size(), "event", "events"))
                    .raw("</summary>\n");
            page.longTable(
                    "Events as they were seen, again for each repetition",
                    List.of("when", "object", "type", "reason", "message", "count"),
                    rows);
            page.raw("</details>\n");
        }
        page.end();
    }
}
