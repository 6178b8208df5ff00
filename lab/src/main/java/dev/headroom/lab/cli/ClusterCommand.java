package dev.headroom.lab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "cluster",
        description =
                "Start the embedded cluster alone: prints the path of its kubeconfig and runs until stopped.")
final class ClusterCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UnsupportedOperationException("embedded cluster");
    }
}
