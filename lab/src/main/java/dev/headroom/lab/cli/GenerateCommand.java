package dev.headroom.lab.cli;

import dev.headroom.lab.load.cluster.GeneratorPod;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What a pod runs that sends a load from inside a cluster; the lab gives it its orders. */
@Command(name = "generate", hidden = true)
final class GenerateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ORDERS")
    String orders = "";

    @Override
    public Integer call() throws Exception {
        GeneratorPod.run(orders, System.getenv(), System.out);
        return ExitCode.MET.code();
    }
}
