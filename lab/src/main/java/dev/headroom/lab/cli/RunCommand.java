package dev.headroom.lab.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headroom run}: only its options; what it does is {@link Running}, so that {@code --help} loads nothing of it. */
@Command(
        name = "run",
        description = "Run experiments: deploy, load, observe, judge and report.",
        footerHeading = "%n",
        footer = {
            "Every run leaves a folder <time>-<name> with one file for each stage; the last is the report. `headroom judge` and `headroom report` work on it offline.",
            "Ctrl-C stops a run: what was measured under load until then is judged. Once more stops at once.",
            "On a cluster of your own, what was created is removed afterwards and what was changed is restored.",
            "The exit codes are those of `headroom --help`."
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "EXPERIMENT.yaml", arity = "1..*", description = "Experiment files.")
    List<Path> experiments = List.of();

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Run on this context of the kubeconfig instead of the embedded cluster.")
    @Nullable String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "Run on the cluster of this kubeconfig, at its current context unless --context is given.")
    @Nullable Path kubeconfig;

    @Option(
            names = "--in-cluster",
            description =
                    "Run on the cluster that this program runs in a pod of, by its service account.")
    boolean inCluster;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description =
                    "Namespace for objects that name none, on a cluster of your own. Default: the context's.")
    @Nullable String namespace;

    @Option(
            names = "--yes-on",
            paramLabel = "CONTEXT",
            description =
                    "Go ahead on this context though its name or the namespace's looks like production, or only the context names the namespace.")
    @Nullable String yesOn;

    @Option(
            names = "--runs-dir",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where run directories are made. Default: ${DEFAULT-VALUE}.")
    Path runs = Path.of("runs");

    @Option(
            names = "--cpu-scale",
            paramLabel = "FRACTION",
            description =
                    "Host CPUs that one CPU of the embedded node stands for, more than 0 and at most 1. Default: as much as this machine can give.")
    @Nullable Double cpuScale;

    @Option(names = "--keep", description = "Leave what was deployed in a cluster of your own.")
    boolean keep;

    @Option(
            names = "--no-baseline",
            description = "Begin the load at once, from whatever replicas there are.")
    boolean noBaseline;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Set a key of the experiments as if their files said so: load.wrk.connections=2000, autoscaler.maxReplicas=5. May be repeated; paths are relative to the experiment's file.")
    List<String> set = List.of();

    @Mixin OutputOptions output = new OutputOptions();

    @Option(names = "--sync-period", hidden = true, converter = DurationConverter.class)
    Duration syncPeriod = Duration.ofSeconds(15);

    @Option(names = "--metrics-window", hidden = true, converter = DurationConverter.class)
    Duration metricsWindow = Duration.ofSeconds(15);

    @Override
    public Integer call() {
        return new Running(this).run().code();
    }
}
