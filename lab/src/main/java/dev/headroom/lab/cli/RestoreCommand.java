package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.Restoration;
import dev.headroom.lab.run.StageException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headroom restore}. */
@Command(
        name = "restore",
        description =
                "Undo what a run left on a cluster of your own that was killed before it could clean up.",
        footerHeading = "%n",
        footer = {
            "Reads the note on the Lease (or ConfigMap) headroom of the namespace; deletes only what a run applied, and puts back what was there before. The next run does the same by itself.",
            "Exit codes: 0 nothing is left, 2 bad usage, 4 a run is under way, something could not be undone, or the cluster did not answer."
        })
final class RestoreCommand implements Callable<Integer> {
    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "The context of the kubeconfig. Default: its current one.")
    @Nullable String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig. Default: as kubectl finds it.")
    @Nullable Path kubeconfig;

    @Option(
            names = "--in-cluster",
            description =
                    "The cluster that this program runs in a pod of, by its service account. Default where there is no kubeconfig.")
    boolean inCluster;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "The namespace that the run was in. Default: the context's.")
    @Nullable String namespace;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standard(System.getenv());
        Cluster cluster;
        try {
            Usage.oneCluster(inCluster, context, kubeconfig);
            cluster =
                    inCluster
                            ? Cluster.inCluster(namespace)
                            : Cluster.context(kubeconfig, context, namespace);
        } catch (Usage.WrongUsage | StageException e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.USAGE.code();
        }
        try (cluster) {
            List<String> left = Restoration.restore(cluster, terminal::line);
            if (left == null) {
                terminal.line("nothing is noted to be undone in namespace " + cluster.namespace());
                return ExitCode.MET.code();
            }
            left.forEach(terminal::line);
            return (left.isEmpty() ? ExitCode.MET : ExitCode.INFRASTRUCTURE).code();
        } catch (StageException e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.INFRASTRUCTURE.code();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.REFUSED.code();
        }
    }
}
