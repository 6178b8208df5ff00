package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.ClusterGoneException;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.lint.ClusterReader;
import dev.headroom.lab.lint.Finding;
import dev.headroom.lab.lint.LintOutput;
import dev.headroom.lab.lint.Linter;
import dev.headroom.lab.lint.Sarif;
import dev.headroom.lab.lint.World;
import dev.headroom.lab.run.ProgramVersion;
import dev.headroom.lab.run.StageException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a world, asks the rules, prints. */
final class Linting {
    private final LintCommand command;
    private final Terminal terminal = Terminal.standard(System.getenv());

    Linting(LintCommand command) {
        this.command = command;
    }

    ExitCode run() throws InterruptedException {
        try {
            World world = world();
            List<Finding> findings = Linter.lint(world);
            print(world, findings);
            return findings.stream().anyMatch(f -> f.rule().severity().reaches(command.failOn))
                    ? ExitCode.EXPECTATION_FAILED
                    : ExitCode.MET;
        } catch (Usage.WrongUsage | ExperimentException e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.USAGE;
        } catch (ClusterGoneException e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.INFRASTRUCTURE;
        }
    }

    private World world()
            throws Usage.WrongUsage,
                    ExperimentException,
                    ClusterGoneException,
                    InterruptedException {
        Usage.oneCluster(command.inCluster, command.context, command.kubeconfig);
        boolean ofCluster =
                command.inCluster || command.context != null || command.kubeconfig != null;
        if (ofCluster != command.paths.isEmpty()) {
            throw new Usage.WrongUsage(
                    "lint takes either folders and files of manifests, such as k8s, or a cluster by --context, --kubeconfig or --in-cluster");
        }
        if (!ofCluster && command.namespace != null) {
            throw new Usage.WrongUsage(
                    "--namespace: is for a cluster; add --context, --kubeconfig or --in-cluster");
        }
        return ofCluster ? cluster() : manifests();
    }

    private World cluster() throws Usage.WrongUsage, ClusterGoneException, InterruptedException {
        try (Cluster cluster =
                command.inCluster
                        ? Cluster.inCluster(command.namespace)
                        : Cluster.context(command.kubeconfig, command.context, command.namespace)) {
            return ClusterReader.read(cluster);
        } catch (StageException e) {
            // Nothing was asked yet: only the access data was read.
            throw new Usage.WrongUsage(String.valueOf(e.getMessage()));
        }
    }

    private World manifests() throws Usage.WrongUsage, ExperimentException {
        List<Path> paths = new ArrayList<>();
        for (Path path : command.paths) {
            for (String name : List.of("kustomization.yaml", "kustomization.yml")) {
                if (Files.exists(path.resolve(name))) {
                    throw new Usage.WrongUsage(
                            path
                                    + ": is a kustomization; look at what it becomes: kubectl kustomize "
                                    + path
                                    + " | headroom lint -");
                }
            }
            paths.add(path.toString().equals("-") ? Manifests.STANDARD_INPUT : path);
        }
        return World.ofManifests(Manifests.read(paths).all());
    }

    private void print(World world, List<Finding> findings) {
        String text =
                switch (command.format) {
                    case TEXT -> LintOutput.text(world, findings);
                    case JSON -> LintOutput.json(world, findings);
                    case SARIF -> Sarif.write(world, findings, ProgramVersion.text());
                };
        // UTF-8 whatever the terminal's encoding: both machine formats ask for it.
        PrintStream out = System.out;
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
