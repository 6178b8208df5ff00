package dev.headroom.lab.cli;

import dev.headroom.lab.run.StageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headroom cluster}. */
@Command(
        name = "cluster",
        description =
                "Start the embedded cluster alone: prints the path of its kubeconfig, runs until stopped.",
        footer = {
            "",
            "For kubectl (KUBECONFIG=FILE kubectl get pods) and `headroom run --kubeconfig FILE`. Ctrl-C ends it and all that runs on it."
        })
final class ClusterCommand implements Callable<Integer> {
    @Option(
            names = "--cpu-scale",
            paramLabel = "FRACTION",
            defaultValue = "1",
            description =
                    "Host CPUs that one CPU of the node stands for, more than 0 and at most 1. Default: ${DEFAULT-VALUE}.")
    double cpuScale = 1;

    @Option(
            names = "--controllers",
            paramLabel = "LIST",
            defaultValue = EmbeddedPlace.ALL_CONTROLLERS,
            description =
                    "Controllers to run, in kube-controller-manager's notation: '*' is all, NAME that one, -NAME all the others, such as '*,-deployment-controller'; another's can then take its place. Default: ${DEFAULT-VALUE}.")
    String controllers = EmbeddedPlace.ALL_CONTROLLERS;

    @Option(
            names = "--nodes",
            paramLabel = "COUNT",
            defaultValue = "1",
            description =
                    "Nodes of the cluster, 1 to 1000. They share this machine. Default: ${DEFAULT-VALUE}.")
    int nodes = 1;

    @Option(
            names = "--node-cpu",
            paramLabel = "CPUS",
            description =
                    "CPUs of each node, such as 2 or 0.5. More than the machine has can be asked for, not used. Default: an equal part of the machine.")
    @Nullable Double nodeCpu;

    @Option(
            names = "--node-memory",
            paramLabel = "MIB",
            description = "Memory of each node in MiB. Default: an equal part of the machine.")
    @Nullable Long nodeMemory;

    @Option(names = "--sync-period", hidden = true, converter = DurationConverter.class)
    Duration syncPeriod = Duration.ofSeconds(15);

    @Option(names = "--metrics-window", hidden = true, converter = DurationConverter.class)
    Duration metricsWindow = Duration.ofSeconds(15);

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard(System.getenv());
        if (!(cpuScale > 0 && cpuScale <= 1)) {
            terminal.line(
                    "--cpu-scale: found "
                            + cpuScale
                            + "; it takes more than 0 and at most 1, such as 0.4");
            return ExitCode.USAGE.code();
        }
        String wrong = wrongNodes();
        if (wrong != null) {
            terminal.line(wrong);
            return ExitCode.USAGE.code();
        }
        EmbeddedPlace place;
        try {
            place =
                    new EmbeddedPlace(
                            new EmbeddedPlace.Settings(
                                    Places.home(),
                                    cpuScale,
                                    new HostLook(null),
                                    syncPeriod,
                                    metricsWindow,
                                    controllers),
                            terminal);
        } catch (IllegalArgumentException e) {
            terminal.line("--controllers: " + e.getMessage());
            return ExitCode.USAGE.code();
        }
        Stop stop = new Stop();
        CountDownLatch stopped = new CountDownLatch(1);
        stop.cancellation().onCancel(stopped::countDown);
        Signals.handle(stop, place::force, terminal);
        try {
            Path kubeconfig = place.startAlone(cpuScale, nodes, nodeCpu, nodeMemory);
            System.out.println(kubeconfig);
            System.out.flush();
            stopped.await();
            return ExitCode.MET.code();
        } catch (StageException e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.INFRASTRUCTURE.code();
        } finally {
            place.force();
        }
    }

    private @Nullable String wrongNodes() {
        if (nodes < 1 || nodes > 1000) {
            return "--nodes: found " + nodes + "; it takes 1 to 1000";
        }
        Double cpu = nodeCpu;
        if (cpu != null && !(cpu >= 0.001 && cpu <= 1_000_000)) {
            return "--node-cpu: found " + cpu + "; it takes 0.001 or more, such as 2 or 0.5";
        }
        Long memory = nodeMemory;
        return memory != null && !(memory >= 1 && memory <= 1_000_000_000)
                ? "--node-memory: found " + memory + "; it takes 1 or more, in MiB"
                : null;
    }
}
