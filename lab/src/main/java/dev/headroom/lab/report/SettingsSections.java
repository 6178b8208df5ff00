package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentWriter;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.report.Html.Cell;
import dev.headroom.lab.verdict.VerdictRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Settings and environment: what the run stood on. */
final class SettingsSections {
    private final Html page;
    private final Experiment experiment;
    private final DeploymentRecord deployment;
    private final @Nullable LoadRecord load;
    private final VerdictRecord verdict;

    SettingsSections(
            Html page,
            Experiment experiment,
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            VerdictRecord verdict) {
        this.page = page;
        this.experiment = experiment;
        this.deployment = deployment;
        this.load = load;
        this.verdict = verdict;
    }

    void write() {
        page.section("load", "Load");
        if (load == null) {
            page.element("p", "note", "None was sent: the target never became ready.");
        } else {
            load(load);
        }
        page.end();
        page.section("settings", "Settings and environment");
        settings();
        target();
        place();
        details("Applied objects", () -> applied());
        details("Numbers that the rules used", () -> constants());
        details(
                "The experiment as it was resolved",
                () -> page.element("pre", ExperimentWriter.yaml(experiment)));
        page.end();
    }

    private void details(String summary, Runnable content) {
        page.raw("<details><summary>").text(summary).raw("</summary>\n");
        content.run();
        page.raw("</details>\n");
    }

    private void load(LoadRecord of) {
        LoadRecord.Plan plan = of.plan();
        LoadRecord.Errors errors = of.errors();
        List<List<Cell>> rows = new ArrayList<>();
        row(rows, "generator", of.generator().name() + " " + of.generator().version());
        row(rows, "sent from", Plain.or(of.generator().where(), "the machine Headroom ran on"));
        row(
                rows,
                "mode",
                plan.mode() == LoadRecord.Mode.CLOSED
                        ? "closed loop: each connection sends its next request when it has its answer"
                        : "constant rate of "
                                + Plain.number(plan.ratePerSecond(), 3, "/s")
                                + ", latency counted from when a request was due");
        row(rows, "to", plan.url());
        row(rows, "threads", String.valueOf(plan.threads()));
        row(
                rows,
                "connections",
                of.connections().asked()
                        + " asked, "
                        + Plain.or(of.connections().opened(), Plain.UNKNOWN)
                        + " opened at once ("
                        + of.connections().source()
                        + ")");
        row(rows, "duration", Plain.number(plan.durationSeconds(), 3, "s"));
        row(rows, "time limit", Plain.number(plan.timeoutSeconds(), 3, "s"));
        row(rows, "script", Plain.or(plan.script(), "none"));
        row(
                rows,
                "ended",
                of.ended().how().toString().toLowerCase(java.util.Locale.ROOT)
                        + (of.ended().cause() == null ? "" : ": " + of.ended().cause()));
        row(rows, "answers", String.valueOf(of.answers()));
        row(
                rows,
                "failed",
                of.failed()
                        + " (connect "
                        + errors.connect()
                        + ", read "
                        + errors.read()
                        + ", write "
                        + errors.write()
                        + ", status "
                        + errors.status()
                        + ")");
        row(rows, "later than the time limit", String.valueOf(errors.timeout()));
        row(
                rows,
                "status codes",
                of.statusCodes().isEmpty()
                        ? Plain.UNKNOWN + ": " + of.generator().name() + " does not tell them"
                        : words(of.statusCodes()));
        row(rows, "bytes", String.valueOf(of.bytes()));
        row(rows, "CPUs it may use", Plain.number(of.generator().cpus(), 2));
        row(rows, "its loop's lag, p99 of the worst second", lag(of));
        row(rows, "open files allowed", String.valueOf(of.generator().openFilesLimit()));
        row(rows, "command", String.join(" ", of.generator().command()));
        page.table("What was asked for and what came of it", List.of("what", "value"), rows);
        if (!of.generator().says().isEmpty()) {
            details(
                    "What the load generator printed",
                    () -> page.element("pre", of.generator().says()));
        }
    }

    private static String lag(LoadRecord of) {
        Double worst = null;
        for (LoadRecord.Use use : of.use()) {
            Double lag = use.lagP99Millis();
            worst = lag == null || (worst != null && worst >= lag) ? worst : lag;
        }
        return worst == null
                ? Plain.UNKNOWN + ": " + of.generator().name() + " does not tell it"
                : Plain.number(worst, 2, "ms");
    }

    private void settings() {
        List<List<Cell>> rows = new ArrayList<>();
        for (DeploymentRecord.Setting setting : deployment.settings()) {
            rows.add(
                    List.of(
                            Cell.code(setting.name()),
                            Cell.value(setting.value()),
                            Cell.of(setting.source())));
        }
        page.table(
                "What decides the course of a run and does not change in it",
                List.of("setting", "value", "source"),
                rows);
    }

    private void target() {
        DeploymentRecord.Target target = deployment.target();
        List<List<Cell>> rows = new ArrayList<>();
        row(rows, "service", target.service() + ":" + target.servicePort() + target.path());
        row(
                rows,
                "workload",
                target.kind()
                        + "/"
                        + target.name()
                        + ", "
                        + Plain.count(target.replicas(), "replica", "replicas")
                        + " before the load");
        row(rows, "selector", words(target.selector()));
        DeploymentRecord.Autoscaler autoscaler = target.autoscaler();
        row(
                rows,
                "autoscaler",
                autoscaler == null
                        ? "none"
                        : autoscaler.name()
                                + ", "
                                + autoscaler.minReplicas()
                                + " to "
                                + autoscaler.maxReplicas()
                                + " replicas, CPU target "
                                + (autoscaler.cpuTargetPercent() == null
                                        ? "none"
                                        : autoscaler.cpuTargetPercent() + " %"));
        for (DeploymentRecord.Container container : target.containers()) {
            row(
                    rows,
                    "container " + container.name(),
                    container.image()
                            + " ("
                            + Plain.or(container.imageId(), "image id unknown")
                            + "), CPU request "
                            + cores(container.cpuRequestCores())
                            + ", CPU limit "
                            + cores(container.cpuLimitCores())
                            + ", memory request "
                            + Plain.or(container.memoryRequest(), "none")
                            + ", memory limit "
                            + Plain.or(container.memoryLimit(), "none"));
        }
        DeploymentRecord.WayIn wayIn = deployment.wayIn();
        row(
                rows,
                "way in",
                wayIn == null
                        ? "none: the target never became ready"
                        : wayIn.url() + " by " + wayIn.how() + ": " + wayIn.detail());
        page.table("The target", List.of("what", "value"), rows);
    }

    private static String cores(@Nullable Double cores) {
        return cores == null ? "none" : Plain.number(cores * 1000, 0) + "m";
    }

    private void place() {
        DeploymentRecord.Place place = deployment.place();
        DeploymentRecord.Program program = deployment.program();
        List<List<Cell>> rows = new ArrayList<>();
        row(
                rows,
                "cluster",
                place.kind() + (place.context() == null ? "" : ", context " + place.context()));
        row(rows, "API server", place.server() + ", " + place.version());
        row(rows, "namespace", place.namespace());
        if (place.nodes().isEmpty()) {
            row(rows, "nodes", Plain.UNKNOWN + ": they may not be listed");
        }
        for (DeploymentRecord.Node node : place.nodes()) {
            row(
                    rows,
                    "node " + node.name(),
                    "kubelet "
                            + node.kubelet()
                            + ", "
                            + node.osImage()
                            + ", kernel "
                            + node.kernel()
                            + ", "
                            + node.architecture()
                            + "; capacity "
                            + words(node.capacity())
                            + "; allocatable "
                            + words(node.allocatable()));
        }
        row(
                rows,
                "Headroom",
                program.version() + " on Java " + program.java() + ", " + program.os());
        row(
                rows,
                "its machine",
                program.cpuModel()
                        + ", "
                        + Plain.number(program.cpus(), 2)
                        + " CPUs, "
                        + program.memoryBytes() / (1024 * 1024)
                        + " MiB");
        page.table("The place", List.of("what", "value"), rows);
    }

    private void applied() {
        List<List<Cell>> rows = new ArrayList<>();
        deployment
                .applied()
                .forEach(a ->
                        rows.add(
                                List.of(
                                        Cell.code(a.kind() + "/" + a.name()),
                                        Cell.of(a.apiVersion()),
                                        Cell.of(Plain.or(a.namespace(), "none")),
                                        Cell.code(a.file()),
                                        Cell.of(a.existed() ? "was there" : "new"))));
        page.table(
                "In the order in which they were applied",
                List.of("object", "API", "namespace", "file", "before"),
                rows);
    }

    private void constants() {
        List<List<Cell>> rows = new ArrayList<>();
        verdict.constants().forEach(c -> rows.add(List.of(Cell.of(c.name()), Cell.of(c.value()))));
        page.table("Numbers that the rules used", List.of("name", "value"), rows);
    }

    private static void row(List<List<Cell>> rows, String what, String value) {
        rows.add(List.of(Cell.of(what), Cell.of(value)));
    }

    /** In the order of their names: a record's maps have none that lasts. */
    private static String words(Map<String, ?> map) {
        return map.isEmpty()
                ? "none"
                : new TreeMap<>(map)
                        .entrySet().stream()
                                .map(e -> e.getKey() + "=" + e.getValue())
                                .collect(Collectors.joining(", "));
    }
}
