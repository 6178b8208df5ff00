package dev.headroom.lab.cli;

import dev.headroom.lab.run.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Options that do not go together, or have values that can't be; said before anything starts. */
final class Usage {
    private Usage() {}

    /** Wrong usage of the command line; exit code 2. */
    static final class WrongUsage extends Exception {
        private static final long serialVersionUID = 1L;

        WrongUsage(String message) {
            super(message);
        }
    }

    static void check(RunCommand run) throws WrongUsage {
        oneCluster(run.inCluster, run.context, run.kubeconfig);
        boolean own = run.inCluster || run.context != null || run.kubeconfig != null;
        Double scale = run.cpuScale;
        if (scale != null && !(scale > 0 && scale <= 1)) {
            throw new WrongUsage(
                    "--cpu-scale: found "
                            + scale
                            + "; it takes more than 0 and at most 1, such as 0.4");
        }
        only(
                own && scale != null,
                "--cpu-scale",
                "is of the embedded cluster; leave it out with --context, --kubeconfig or --in-cluster");
        only(
                !own && run.keep,
                "--keep",
                "is for a cluster of your own; the embedded cluster goes away with its run (`headroom cluster` starts one that stays)");
        only(
                !own && run.namespace != null,
                "--namespace",
                "is for a cluster of your own: add --context, --kubeconfig or --in-cluster");
        only(
                !own && run.yesOn != null,
                "--yes-on",
                "is for a cluster of your own: add --context, --kubeconfig or --in-cluster");
        if (run.kubeconfig != null && !Files.isReadable(run.kubeconfig)) {
            throw new WrongUsage(
                    "--kubeconfig: can't read "
                            + run.kubeconfig
                            + (Files.exists(run.kubeconfig)
                                    ? ": permission denied"
                                    : ": no such file"));
        }
        checkRuns(run.runs);
    }

    /** By trying it, in the nearest folder that is there: who may write where is known to nobody else. */
    private static void checkRuns(Path runs) throws WrongUsage {
        Path folder = runs.toAbsolutePath();
        while (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        if (!Files.isDirectory(folder)) {
            throw new WrongUsage(
                    "--runs-dir: found "
                            + runs
                            + (folder.equals(runs.toAbsolutePath())
                                    ? ", which is no folder"
                                    : ", but " + folder + " is no folder")
                            + "; it takes a folder, which is made where there is none");
        }
        try {
            Files.delete(Files.createTempDirectory(folder, ".headroom-"));
        } catch (IOException e) {
            if (!isFull(e)) {
                throw new WrongUsage(
                        "--runs-dir: can't write to "
                                + folder
                                + ": "
                                + Errors.words(e)
                                + "; it takes a folder in which runs can be kept");
            }
        }
    }

    /** Not the command line's fault: the run itself says so. */
    private static boolean isFull(IOException e) {
        String words = Errors.words(e).toLowerCase(Locale.ROOT);
        return words.contains("no space left") || words.contains("quota");
    }

    /** A pod's service account is no kubeconfig's context. */
    static void oneCluster(boolean inCluster, @Nullable String context, @Nullable Path kubeconfig)
            throws WrongUsage {
        only(
                inCluster && (context != null || kubeconfig != null),
                "--in-cluster",
                "takes the cluster that this program runs in; leave out --context and --kubeconfig");
    }

    private static void only(boolean wrong, @Nullable String option, String why) throws WrongUsage {
        if (wrong) {
            throw new WrongUsage(option + ": " + why);
        }
    }
}
