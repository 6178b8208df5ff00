package dev.headroom.lab.cli;

import dev.headroom.lab.lint.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headroom lint}: only its options; what it does is {@link Linting}. */
@Command(
        name = "lint",
        description = "Look for what is known to go wrong, before any load.",
        footerHeading = "%n",
        footer = {
            "Reads manifests, or with --context or --kubeconfig the objects of a namespace; changes nothing. A kustomization is rendered first: kubectl kustomize DIR | headroom lint -",
            "Exit codes: 0 nothing as bad as --fail-on, 99 something, 2 bad usage or manifests that can't be read, 4 the cluster did not answer.",
            "Each rule is explained in docs/lint.md."
        })
final class LintCommand implements Callable<Integer> {
    /** What is printed. */
    enum Format {
        TEXT,
        JSON,
        SARIF
    }

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description =
                    "Folders and files of manifests, taken as kubectl apply -f does; - is standard input.")
    List<Path> paths = List.of();

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Look at this context of the kubeconfig instead of files.")
    @Nullable String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "Look at the cluster of this kubeconfig, at its current context unless --context is given.")
    @Nullable Path kubeconfig;

    @Option(
            names = "--in-cluster",
            description =
                    "Look at the cluster that this program runs in a pod of, by its service account.")
    boolean inCluster;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "Namespace to look at. Default: the context's.")
    @Nullable String namespace;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or sarif. Default: ${DEFAULT-VALUE}.")
    Format format = Format.TEXT;

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            defaultValue = "warning",
            description =
                    "The least severity that ends with 99: error, warning or note. Default: ${DEFAULT-VALUE}.")
    Severity failOn = Severity.WARNING;

    @Override
    public Integer call() throws InterruptedException {
        return new Linting(this).run().code();
    }
}
