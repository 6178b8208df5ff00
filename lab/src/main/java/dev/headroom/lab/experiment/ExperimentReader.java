package dev.headroom.lab.experiment;

import dev.headroom.lab.experiment.ExperimentException.Problem;
import dev.headroom.lab.run.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads experiment files: every shape, every name and every bound is checked before anything starts, and all that is wrong is said at once. */
public final class ExperimentReader {
    private ExperimentReader() {}

    /**
     * Reads experiments that are to be run together: the files they name exist, the manifests fit, no two have one name.
     *
     * @throws ExperimentException with everything that is wrong in all of them
     */
    public static List<Experiment> read(List<Path> files) throws ExperimentException {
        return read(files, Overrides.NONE);
    }

    /** The same with keys set in each of them as if its file said so. */
    public static List<Experiment> read(List<Path> files, Overrides overrides)
            throws ExperimentException {
        List<Problem> problems = new ArrayList<>();
        List<Experiment> experiments = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (Path file : files) {
            Checker checker = new Checker(file, true, problems);
            Experiment experiment = read(file, overrides, checker, problems);
            if (experiment == null) {
                continue;
            }
            ManifestChecks.check(experiment, checker, problems);
            String place = file + ":" + checker.line("name");
            String first = names.putIfAbsent(experiment.name(), place);
            if (first != null) {
                checker.problem(
                        "name",
                        "found \""
                                + experiment.name()
                                + "\", which is also the name of "
                                + first
                                + "; experiments of one run need different names");
            }
            experiments.add(experiment);
        }
        if (!problems.isEmpty()) {
            // What was set by the command line has no line, and stands in no file.
            problems.replaceAll(p ->
                    p.line() == 0 && overrides.hold(p.key())
                            ? new Problem(p.file(), 0, p.key(), p.text() + "; it was set by --set")
                            : p);
            throw new ExperimentException(problems);
        }
        return experiments;
    }

    /**
     * Reads the resolved experiment of a run directory, perhaps on another machine: the files it names need not be there.
     *
     * @throws ExperimentException with everything that is wrong in it
     */
    public static Experiment readResolved(Path file) throws ExperimentException {
        List<Problem> problems = new ArrayList<>();
        Experiment experiment =
                read(file, Overrides.NONE, new Checker(file, false, problems), problems);
        if (experiment == null || !problems.isEmpty()) {
            throw new ExperimentException(problems);
        }
        return experiment;
    }

    private static @Nullable Experiment read(
            Path file, Overrides overrides, Checker checker, List<Problem> problems) {
        int before = problems.size();
        List<Node> documents = YamlFile.documents(file, problems);
        if (problems.size() > before) {
            return null;
        }
        if (documents.size() != 1) {
            problems.add(
                    new Problem(
                            file,
                            documents.size() > 1 ? YamlFile.line(documents.get(1)) : 0,
                            "",
                            "found "
                                    + (documents.isEmpty()
                                            ? "nothing"
                                            : documents.size() + " documents")
                                    + "; an experiment file is one YAML document, "
                                    + ExperimentSchema.ROOT.words()));
            return null;
        }
        Object root =
                checker.check(overrides.applied(documents.getFirst()), ExperimentSchema.ROOT, "");
        if (!(root instanceof Checked checked)) {
            return null;
        }
        Experiment experiment = experiment(file, checked, checker);
        return problems.size() > before ? null : experiment;
    }

    private static Experiment experiment(Path file, Checked root, Checker checker) {
        Checked target = root.get("target", Checked.class);
        return new Experiment(
                root.get("name", String.class),
                root.list("manifests", Path.class),
                autoscaler(root, checker),
                new Experiment.Target(
                        target.get("service", String.class), target.get("path", String.class, "/")),
                load(root.get("load", Checked.class), checker),
                LoadPods.of(root.get("load", Checked.class), checker),
                images(file, root),
                timeouts(root),
                expect(root, checker));
    }

    private static Experiment.@Nullable Autoscaler autoscaler(Checked root, Checker checker) {
        Checked autoscaler = root.find("autoscaler", Checked.class);
        if (autoscaler == null || autoscaler.values().isEmpty()) {
            return null;
        }
        Integer min = autoscaler.find("minReplicas", Integer.class);
        Integer max = autoscaler.find("maxReplicas", Integer.class);
        if (min != null && max != null && min > max) {
            checker.problem(
                    "autoscaler.minReplicas",
                    "found " + min + ", more than maxReplicas, which is " + max);
        }
        return new Experiment.Autoscaler(min, max);
    }

    private static Experiment.Load load(Checked load, Checker checker) {
        Checked wrk = load.find("wrk", Checked.class);
        if (wrk == null) {
            Checked rate = load.get("rate", Checked.class);
            return new Experiment.Rate(
                    rate.get("rate", Double.class),
                    rate.get("connections", Integer.class),
                    rate.get("duration", Duration.class),
                    rate.find("script", Path.class),
                    rate.get("timeout", Duration.class, ExperimentSchema.DEFAULT_TIMEOUT));
        }
        int threads = wrk.get("threads", Integer.class);
        int connections = wrk.get("connections", Integer.class);
        if (threads > connections) {
            checker.problem(
                    "load.wrk.threads",
                    "found "
                            + threads
                            + ", more than connections, which is "
                            + connections
                            + "; each thread needs one at least");
        }
        return new Experiment.Wrk(
                threads,
                connections,
                wrk.get("duration", Duration.class),
                wrk.find("script", Path.class),
                wrk.get("timeout", Duration.class, ExperimentSchema.DEFAULT_TIMEOUT));
    }

    private static Map<String, Experiment.Image> images(Path file, Checked root) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Map<String, Experiment.Image> images = new LinkedHashMap<>();
        root.map("images")
                .forEach((name, value) -> {
                    Checked image = (Checked) value;
                    Map<String, String> env = new LinkedHashMap<>();
                    image.map("env").forEach((k, v) -> env.put((String) k, (String) v));
                    images.put(
                            (String) name,
                            new Experiment.Image(
                                    image.list("command", String.class),
                                    image.get(
                                            "directory",
                                            Path.class,
                                            folder == null ? Path.of("/") : folder),
                                    env));
                });
        return images;
    }

    private static Experiment.Timeouts timeouts(Checked root) {
        Checked timeouts = root.get("timeouts", Checked.class, new Checked(Map.of()));
        return new Experiment.Timeouts(
                timeouts.get("ready", Duration.class, ExperimentSchema.DEFAULT_READY),
                timeouts.get("baseline", Duration.class, ExperimentSchema.DEFAULT_BASELINE));
    }

    private static Experiment.Expect expect(Checked root, Checker checker) {
        Checked expect = root.get("expect", Checked.class, new Checked(Map.of()));
        String word = expect.find("verdict", String.class);
        List<Threshold> thresholds = new ArrayList<>();
        Map<?, ?> byMetric = expect.map("thresholds");
        for (Threshold.Metric metric : Threshold.Metric.values()) {
            if (!(byMetric.get(metric.word()) instanceof List<?> texts)) {
                continue;
            }
            for (int i = 0; i < texts.size(); i++) {
                try {
                    thresholds.add(ThresholdReader.read(metric, (String) texts.get(i)));
                } catch (ThresholdReader.WrongThreshold e) {
                    String key = "expect.thresholds." + metric.word();
                    checker.problem(texts.size() == 1 ? key : key + "[" + i + "]", e.words());
                }
            }
        }
        return new Experiment.Expect(
                word == null ? null : Verdict.of(word).orElseThrow(), thresholds);
    }
}
