package dev.headroom.lab.deploy;

import dev.headroom.lab.run.StageException;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Access to a cluster by kubeconfig and context, found where kubectl finds them. */
final class Kubeconfig {
    private Kubeconfig() {}

    /** Whether there is one where kubectl looks for it. */
    static boolean exists() {
        return Config.getKubeconfigFilenames().stream().anyMatch(f -> Files.exists(Path.of(f)));
    }

    /**
     * What a kubeconfig says of one of its contexts.
     *
     * @param kubeconfig null takes {@code KUBECONFIG} or {@code ~/.kube/config}
     * @param context null takes the current one
     * @throws StageException naming what is wrong with it, and nothing of what is in it but its contexts' names
     */
    static Config read(@Nullable Path kubeconfig, @Nullable String context) throws StageException {
        if (kubeconfig == null) {
            Config config = Config.autoConfigure(context);
            if (config.getFile() == null) {
                throw new StageException(
                        "deploy",
                        "there is no kubeconfig: neither KUBECONFIG nor ~/.kube/config names one; give --kubeconfig FILE",
                        null);
            }
            return checked(config, context, config.getFile().toString());
        }
        if (!Files.isReadable(kubeconfig)) {
            throw new StageException(
                    "deploy",
                    "can't read the kubeconfig "
                            + kubeconfig
                            + (Files.exists(kubeconfig) ? ": permission denied" : ": no such file"),
                    null);
        }
        try {
            Config config = Config.fromKubeconfig(kubeconfig.toFile());
            if (context != null) {
                config =
                        Config.fromKubeconfig(
                                context, Files.readString(kubeconfig), kubeconfig.toString());
            }
            return checked(config, context, kubeconfig.toString());
        } catch (IOException | RuntimeException e) {
            // What the parser says of it would show what is in it, and it may be any file.
            throw new StageException(
                    "deploy",
                    kubeconfig
                            + (Files.isDirectory(kubeconfig)
                                    ? " is a folder; a kubeconfig file is needed"
                                    : " is no kubeconfig: YAML with clusters, users and contexts is needed"),
                    e);
        }
    }

    private static Config checked(Config config, @Nullable String context, String file)
            throws StageException {
        if (context != null
                && config.getContexts() != null
                && config.getContexts().stream().noneMatch(c -> context.equals(c.getName()))) {
            throw new StageException(
                    "deploy",
                    "there is no context \""
                            + context
                            + "\" in "
                            + file
                            + "; it has "
                            + String.join(
                                    ", ",
                                    config.getContexts().stream()
                                            .map(c -> String.valueOf(c.getName()))
                                            .toList()),
                    null);
        }
        if (config.getCurrentContext() == null) {
            // The client library would take a cluster that nobody named.
            throw new StageException(
                    "deploy",
                    file + " has no current context; name one of its contexts with --context",
                    null);
        }
        return config;
    }
}
