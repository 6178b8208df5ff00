package dev.headroom.lab.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The program, a small service and its autoscaler, in a namespace of an own cluster that is reached through a {@link GuardedApi}. */
final class GuardedRun implements AutoCloseable {
    final Program program;
    final SmallService service;
    final GuardedApi api;
    final String namespace;
    final Path kubeconfig;

    /**
     * @param rights in this namespace and of the cluster; null allows all
     */
    GuardedRun(OwnCluster cluster, Path folder, String namespace, @Nullable RbacRules rights)
            throws Exception {
        this.namespace = namespace;
        program = new Program(folder);
        service = SmallService.in(program.workingDirectory());
        service.onAClusterOfOnesOwn();
        service.scaled();
        api = new GuardedApi(cluster.kubeconfig(), rights);
        kubeconfig = api.kubeconfig(folder.resolve("guarded"));
    }

    /** Starts a run with a load of this duration. */
    Program.Run start(String duration) throws IOException {
        List<String> line = new ArrayList<>(onCluster("run"));
        line.add("--no-baseline");
        line.add(service.experiment(duration));
        return program.start(line.toArray(String[]::new));
    }

    /** Restores to the end. */
    Program.Run restore() throws IOException, InterruptedException {
        return program.run(onCluster("restore").toArray(String[]::new));
    }

    private List<String> onCluster(String command) {
        return List.of(command, "--kubeconfig", kubeconfig.toString(), "--namespace", namespace);
    }

    @Override
    public void close() {
        program.endAll();
        api.close();
    }
}
