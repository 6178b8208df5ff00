package dev.headroom.lab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads where a load is sent from, and whether the pods that are to send it can. */
final class LoadPods {
    /** A script goes to the pods as an environment variable, for which Linux has 128 KiB, in Base64. */
    static final int LONGEST_SCRIPT = 64 * 1024;

    private LoadPods() {}

    /** Null where the load is sent from here. */
    static Experiment.@Nullable Pods of(Checked load, Checker checker) {
        boolean inCluster =
                load.get("where", String.class, ExperimentSchema.LOCAL)
                        .equals(ExperimentSchema.CLUSTER);
        if (!inCluster) {
            for (String key : List.of("pods", "image", "cpu")) {
                if (load.has(key)) {
                    checker.problem(
                            "load." + key,
                            "is of a load from inside the cluster; add where: cluster, or leave it out");
                }
            }
            return null;
        }
        Experiment.Pods pods =
                new Experiment.Pods(
                        load.get("pods", Integer.class, ExperimentSchema.DEFAULT_PODS),
                        load.get("image", String.class, Experiment.Pods.ownImage()),
                        load.get("cpu", String.class, ExperimentSchema.DEFAULT_CPU));
        check(load, pods, checker);
        return pods;
    }

    private static void check(Checked load, Experiment.Pods pods, Checker checker) {
        String key = load.has("wrk") ? "wrk" : "rate";
        Checked how = load.get(key, Checked.class);
        int threads = how.get("threads", Integer.class, 1);
        int connections = how.get("connections", Integer.class);
        if (connections / pods.count() < threads) {
            checker.problem(
                    "load.pods",
                    "found "
                            + pods.count()
                            + "; of "
                            + connections
                            + " connections each would get "
                            + connections / pods.count()
                            + ", fewer than its "
                            + (threads == 1 ? "one thread" : threads + " threads"));
        }
        Path script = how.find("script", Path.class);
        if (script != null && tooLong(script)) {
            checker.problem(
                    "load." + key + ".script",
                    script
                            + " is longer than "
                            + LONGEST_SCRIPT / 1024
                            + " KiB, which is what can be handed to pods; shorten it, or send the load from here (where: local)");
        }
    }

    /** What is not there was said elsewhere. */
    private static boolean tooLong(Path script) {
        try {
            return Files.exists(script) && Files.size(script) > LONGEST_SCRIPT;
        } catch (IOException e) {
            return false;
        }
    }
}
