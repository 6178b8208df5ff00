package dev.headroom.cluster.battery;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the pods of the transcripts run. On a cluster that is not ours that is busybox alone, since its nodes may reach no
 * registry: the one they have already.
 *
 * @param shell an image with a shell and what POSIX has, which stands for IMAGE in the files
 * @param server an image that answers {@code /readyz} at the port that PORT names, which stands for SERVER
 * @param busybox whether both are busybox, by its path: not every image of it has links to its applets
 */
record Images(String shell, String server, boolean busybox) {
    private static final String NAME = System.getProperty("battery.image", "");

    static final Images EMBEDDED = new Images("busybox:1.37", "headroom/stub:1", false);

    /** What a pod's shell does before anything else: a bare image has neither links nor folders, and others say that theirs exist. */
    private static final String LINKS =
            "/bin/busybox --install -s /bin 2>/dev/null; /bin/busybox mkdir -p /tmp; ";

    private static final String SERVE =
            "/bin/busybox mkdir -p /tmp/www; echo ok >/tmp/www/readyz; exec /bin/busybox httpd -f -p $PORT -h /tmp/www";

    /**
     * Finds busybox on a cluster's nodes.
     *
     * @param folder for what kubectl keeps
     * @param kubeconfig of the cluster
     * @return it, or {@code busybox:1.37}, to be pulled
     */
    static Images of(Path folder, Path kubeconfig) throws IOException, InterruptedException {
        String image = NAME.isEmpty() ? present(folder, kubeconfig) : NAME;
        return new Images(image, image, true);
    }

    private static String present(Path folder, Path kubeconfig)
            throws IOException, InterruptedException {
        String names =
                Bench.kubectl(
                        folder,
                        kubeconfig,
                        "",
                        "get",
                        "nodes",
                        "-o",
                        "jsonpath={range .items[*].status.images[*]}{.names[*]}{'\\n'}{end}");
        for (String name : names.split("\\s+")) {
            if (name.matches("(.*/)?busybox:[^@]*")) {
                return name;
            }
        }
        return EMBEDDED.shell;
    }

    /**
     * A file of the transcripts, for this cluster.
     *
     * @param manifest with IMAGE and SERVER in it
     */
    String in(String manifest) {
        String text = manifest;
        if (busybox) {
            text =
                    text.replace(
                                    "command: [sh, -c, \"",
                                    "command: [/bin/busybox, sh, -c, \"" + LINKS)
                            .replace(
                                    "image: SERVER",
                                    "image: SERVER\n          command: [/bin/busybox, sh, -c, \""
                                            + SERVE
                                            + "\"]");
        }
        return text.replace("image: IMAGE", "image: " + shell)
                .replace("image: SERVER", "image: " + server);
    }
}
