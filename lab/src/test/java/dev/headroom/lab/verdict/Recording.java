package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.ExperimentReader;
import dev.headroom.lab.experiment.Threshold;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A recorded run as JSON trees, to be cut and altered and then judged. Every alteration works on this very recording and returns it; each test reads its own.
 *
 * <p>Times are seconds since the load began.
 */
final class Recording {
    /** A change of something at a moment, seconds since the load began. */
    interface Change {
        void apply(double at, ObjectNode node);
    }

    /** A change of one pod in one sample. */
    interface PodChange {
        void apply(double at, String pod, ObjectNode sample);
    }

    private static final Map<String, Recording> READ = new ConcurrentHashMap<>();

    private Experiment experiment;
    private final ObjectNode deployment;
    private final ObjectNode load;
    private final List<ObjectNode> lines;

    private Recording(
            Experiment experiment, ObjectNode deployment, ObjectNode load, List<ObjectNode> lines) {
        this.experiment = experiment;
        this.deployment = deployment;
        this.load = load;
        this.lines = lines;
    }

    /** One to three pods under 1,000 connections of wrk for 110 s: the second pass asks for all, on a machine with much else to do. */
    static Recording autoscaling() {
        return of("autoscaling");
    }

    /** One pod under 1,500 connections of wrk for 90 s: its readiness probe, of 1 s, fails and recovers four times. */
    static Recording unready() {
        return of("unready");
    }

    /** One to three pods whose connections never end, under 1,000 connections of wrk: the new ones get none. */
    static Recording pinned() {
        return of("pinned");
    }

    private static Recording of(String name) {
        Recording read = READ.computeIfAbsent(name, Recording::read);
        return new Recording(
                read.experiment,
                read.deployment.deepCopy(),
                read.load.deepCopy(),
                new ArrayList<>(read.lines.stream().map(ObjectNode::deepCopy).toList()));
    }

    private static Recording read(String name) {
        try {
            List<ObjectNode> lines = new ArrayList<>();
            for (String line : text(name, "4-observations.jsonl").split("\n", -1)) {
                if (!line.isEmpty()) {
                    lines.add(tree(line));
                }
            }
            return new Recording(
                    ExperimentReader.readResolved(
                            Path.of(
                                    Objects.requireNonNull(
                                                    Recording.class.getResource(
                                                            name + "/1-experiment.yaml"))
                                            .toURI())),
                    tree(text(name, "2-deployment.json")),
                    tree(text(name, "3-load.json")),
                    lines);
        } catch (IOException | ExperimentException | URISyntaxException e) {
            throw new IllegalStateException("can't read the recording " + name, e);
        }
    }

    private static String text(String name, String file) throws IOException {
        try (InputStream in = Recording.class.getResourceAsStream(name + "/" + file)) {
            return new String(
                    Objects.requireNonNull(in, name + "/" + file).readAllBytes(),
                    StandardCharsets.UTF_8);
        }
    }

    static ObjectNode tree(String json) {
        return (ObjectNode) Json.mapper().readTree(json);
    }

    // --- what is judged

    VerdictRecord judge() {
        return Judge.judge(experiment, deploymentRecord(), loadRecord(), observations());
    }

    String word() {
        return judge().verdict();
    }

    Run run() {
        return Run.of(experiment, deploymentRecord(), loadRecord(), new Timeline(observations()));
    }

    Experiment experiment() {
        return experiment;
    }

    DeploymentRecord deploymentRecord() {
        return Json.mapper().treeToValue(deployment, DeploymentRecord.class);
    }

    LoadRecord loadRecord() {
        return Json.mapper().treeToValue(load, LoadRecord.class);
    }

    List<Observation> observations() {
        return lines.stream().map(l -> Json.mapper().treeToValue(l, Observation.class)).toList();
    }

    // --- parts

    ObjectNode deployment() {
        return deployment;
    }

    ObjectNode load() {
        return load;
    }

    List<ObjectNode> lines() {
        return lines;
    }

    long start() {
        return load.path("start").asLong();
    }

    /** Milliseconds since the epoch. */
    long at(double seconds) {
        return start() + Math.round(seconds * 1000);
    }

    double seconds(JsonNode line) {
        return (line.path("at").asLong() - start()) / 1e3;
    }

    double end() {
        return (load.path("end").asLong() - start()) / 1e3;
    }

    static ObjectNode object(JsonNode node, String... path) {
        return (ObjectNode) Kube.at(node, path);
    }

    // --- alterations

    Recording expect(@Nullable Verdict verdict, Threshold... thresholds) {
        experiment =
                new Experiment(
                        experiment.name(),
                        experiment.manifests(),
                        experiment.autoscaler(),
                        experiment.target(),
                        experiment.load(),
                        experiment.images(),
                        experiment.timeouts(),
                        new Experiment.Expect(verdict, Arrays.asList(thresholds)));
        return this;
    }

    Recording thresholds(Threshold... thresholds) {
        return expect(experiment.expect().verdict(), thresholds);
    }

    Recording each(Predicate<ObjectNode> which, Change change) {
        lines.stream().filter(which).forEach(l -> change.apply(seconds(l), l));
        return this;
    }

    Recording samples(Change change) {
        return each(ofKind("sample"), change);
    }

    Recording pods(PodChange change) {
        return samples((at, sample) -> {
            for (JsonNode pod : sample.path("pods")) {
                change.apply(at, pod.path("pod").asString(), (ObjectNode) pod);
            }
        });
    }

    /** Every recorded state of objects of one kind. */
    Recording objects(String kind, Change change) {
        return each(
                changesOf(kind), (at, line) -> change.apply(at, (ObjectNode) line.path("object")));
    }

    Recording hpa(Change change) {
        return objects("HorizontalPodAutoscaler", change);
    }

    Recording remove(Predicate<ObjectNode> which) {
        lines.removeIf(which);
        return this;
    }

    /** Takes a field out of every pod's samples. */
    Recording podsWithout(String field) {
        return pods((at, pod, sample) -> sample.remove(field));
    }

    Recording setting(String name, String value) {
        for (JsonNode setting : deployment.path("settings")) {
            if (setting.path("name").asString().equals(name)) {
                ((ObjectNode) setting).put("value", value);
                return this;
            }
        }
        deployment
                .withArray("settings")
                .addObject()
                .put("name", name)
                .put("value", value)
                .put("source", "a test");
        return this;
    }

    /** Adds a line and keeps the order of time. */
    Recording add(double seconds, ObjectNode line) {
        line.put("at", at(seconds));
        int i = 0;
        while (i < lines.size() && lines.get(i).path("at").asLong() <= line.path("at").asLong()) {
            i++;
        }
        lines.add(i, line);
        return this;
    }

    /** Adds a state of an object, made from its last one at that moment. */
    Recording change(double seconds, String kind, String name, Change change) {
        ObjectNode last = null;
        for (ObjectNode line : lines) {
            if (changesOf(kind).test(line)
                    && line.path("name").asString().equals(name)
                    && seconds(line) <= seconds) {
                last = line;
            }
        }
        ObjectNode line = Objects.requireNonNull(last, kind + "/" + name).deepCopy();
        line.put("change", "MODIFIED");
        change.apply(seconds, (ObjectNode) line.path("object"));
        return add(seconds, line);
    }

    Recording event(double seconds, String kind, String name, String reason, String message) {
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("kind", "change").put("change", "ADDED").put("objectKind", "Event");
        line.put("name", name + ".event");
        ObjectNode object = line.putObject("object");
        object.putObject("involvedObject").put("kind", kind).put("name", name);
        object.put("reason", reason).put("message", message).put("type", "Warning");
        return add(seconds, line);
    }

    Recording gap(double seconds, String source, String problem) {
        ObjectNode line = Json.mapper().createObjectNode();
        return add(seconds, line.put("kind", "gap").put("source", source).put("problem", problem));
    }

    static Predicate<ObjectNode> ofKind(String kind) {
        return line -> line.path("kind").asString().equals(kind);
    }

    static Predicate<ObjectNode> changesOf(String kind) {
        return line ->
                line.path("kind").asString().equals("change")
                        && line.path("objectKind").asString().equals(kind);
    }
}
