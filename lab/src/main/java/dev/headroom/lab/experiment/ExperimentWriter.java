package dev.headroom.lab.experiment;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes a resolved experiment, nothing implicit left out, so that {@link ExperimentReader#readResolved} reads the same experiment again. */
public final class ExperimentWriter {
    private ExperimentWriter() {}

    public static String yaml(Experiment experiment) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("name", experiment.name());
        root.put("manifests", experiment.manifests().stream().map(Object::toString).toList());
        Experiment.Autoscaler autoscaler = experiment.autoscaler();
        if (autoscaler != null) {
            root.put(
                    "autoscaler",
                    map(
                            "minReplicas", autoscaler.minReplicas(),
                            "maxReplicas", autoscaler.maxReplicas()));
        }
        root.put(
                "target",
                map("service", experiment.target().service(), "path", experiment.target().path()));
        Map<String, Object> load = new LinkedHashMap<>(load(experiment.load()));
        load.putAll(from(experiment.pods()));
        root.put("load", load);
        if (!experiment.images().isEmpty()) {
            root.put("images", images(experiment.images()));
        }
        root.put(
                "timeouts",
                map(
                        "ready", Units.text(experiment.timeouts().ready()),
                        "baseline", Units.text(experiment.timeouts().baseline())));
        root.put("expect", expect(experiment.expect()));
        DumpSettings settings =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(120).build();
        return new Dump(settings).dumpToString(root);
    }

    private static Map<String, Object> load(Experiment.Load load) {
        String script = load.script() == null ? null : load.script().toString();
        String duration = text(load.duration());
        String timeout = text(load.timeout());
        return switch (load) {
            case Experiment.Wrk wrk ->
                    map(
                            "wrk",
                            map(
                                    "threads", wrk.threads(),
                                    "connections", wrk.connections(),
                                    "duration", duration,
                                    "script", script,
                                    "timeout", timeout));
            case Experiment.Rate rate ->
                    map(
                            "rate",
                            map(
                                    "rate", Numbers.plain(rate.perSecond()) + "/s",
                                    "connections", rate.connections(),
                                    "duration", duration,
                                    "script", script,
                                    "timeout", timeout));
        };
    }

    private static Map<String, Object> from(Experiment.@Nullable Pods pods) {
        return pods == null
                ? map("where", ExperimentSchema.LOCAL)
                : map(
                        "where", ExperimentSchema.CLUSTER,
                        "pods", pods.count(),
                        "image", pods.image(),
                        "cpu", pods.cpu());
    }

    private static Map<String, Object> images(Map<String, Experiment.Image> images) {
        Map<String, Object> all = new LinkedHashMap<>();
        images.forEach((name, image) ->
                all.put(
                        name,
                        map(
                                "command", image.command(),
                                "directory", image.directory().toString(),
                                "env", image.env().isEmpty() ? null : image.env())));
        return all;
    }

    private static Map<String, Object> expect(Experiment.Expect expect) {
        Map<String, List<String>> thresholds = new LinkedHashMap<>();
        for (Threshold threshold : expect.thresholds()) {
            thresholds
                    .computeIfAbsent(threshold.metric().word(), m -> new java.util.ArrayList<>())
                    .add(threshold.expression());
        }
        return map(
                "verdict", expect.verdict() == null ? null : expect.verdict().word(),
                "thresholds", thresholds.isEmpty() ? null : thresholds);
    }

    private static String text(Duration duration) {
        return Units.text(duration);
    }

    /** Keys and values in turn; a null value leaves its key out. */
    private static Map<String, Object> map(@Nullable Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            Object value = entries[i + 1];
            if (value != null) {
                map.put(String.valueOf(entries[i]), value);
            }
        }
        return map;
    }
}
