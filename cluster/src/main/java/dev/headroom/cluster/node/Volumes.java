package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A pod's volumes, each a folder under the pod's own. Those that are made of objects are brought up to date each time they are made
 * again, all files of one at once.
 */
final class Volumes {
    private final NodeContext context;
    private final JsonNode pod;
    private final VolumeContent content;
    private final Path folder;
    private final Map<String, Map<String, VolumeFiles.Content>> written = new HashMap<>();

    /** A volume cannot be given, in the kubelet's words. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String volume, String why) {
            super("MountVolume.SetUp failed for volume \"" + volume + "\" : " + why);
        }
    }

    Volumes(NodeContext context, JsonNode pod, String podIp, Path folder) {
        this.context = context;
        this.pod = pod;
        this.content = new VolumeContent(context, pod, podIp);
        this.folder = folder;
    }

    /** Whether any of them may change while the pod runs. */
    boolean areMadeOfObjects() {
        return pod.path("spec").path("volumes").valueStream().anyMatch(v -> !v.has("emptyDir"));
    }

    /** Whether anything can be mounted here. */
    boolean areMounted() {
        return context.mountSpace() != MountSpace.NONE;
    }

    /** Where a volume's files are. */
    Path path(String name) {
        return folder.resolve(name);
    }

    /** Makes them, or brings them up to date. */
    void make() throws Failed {
        for (JsonNode container : containers()) {
            for (JsonNode mount : container.path("volumeMounts")) {
                if (!areMounted() && !isStandIn(mount)) {
                    throw new Failed(
                            Trees.text(mount, "name"),
                            "nothing can be mounted at "
                                    + Trees.text(mount, "mountPath")
                                    + ": mount namespaces need root, or user namespaces, and this node has neither");
                }
            }
        }
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            String name = Trees.text(volume, "name");
            try {
                Files.createDirectories(path(name));
                if (!volume.has("emptyDir")) {
                    write(name, content.of(volume, name));
                }
            } catch (IOException e) {
                throw new Failed(name, String.valueOf(e.getMessage()));
            }
        }
    }

    private List<JsonNode> containers() {
        List<JsonNode> all = new ArrayList<>(Trees.list(pod.path("spec").path("initContainers")));
        all.addAll(Trees.list(pod.path("spec").path("containers")));
        return all;
    }

    /** An empty folder may be any that can be written to, such as the host's {@code /tmp}: other things would be missing. */
    private boolean isStandIn(JsonNode mount) {
        Path target = target(mount);
        return isEmpty(Trees.text(mount, "name"))
                && Trees.text(mount, "subPath").isEmpty()
                && Files.isDirectory(target)
                && Files.isWritable(target);
    }

    private static Path target(JsonNode mount) {
        return Path.of("/").resolve(Trees.text(mount, "mountPath")).normalize();
    }

    private boolean isEmpty(String name) {
        return pod.path("spec")
                .path("volumes")
                .valueStream()
                .anyMatch(v -> Trees.text(v, "name").equals(name) && v.has("emptyDir"));
    }

    /** What is not as the manifest says, and is let pass, in words. */
    List<String> differences() {
        List<String> found = new ArrayList<>();
        if (!areMounted()) {
            for (JsonNode container : containers()) {
                for (JsonNode mount : container.path("volumeMounts")) {
                    String path = Trees.text(mount, "mountPath");
                    found.add(
                            "volume \""
                                    + Trees.text(mount, "name")
                                    + "\" is not mounted, which needs root, or user namespaces: container \""
                                    + Trees.text(container, "name")
                                    + "\" sees the host's own "
                                    + path);
                }
            }
        }
        return found;
    }

    /** What a container has mounted where; nothing on a node that can't. */
    List<Mounts.Mount> of(JsonNode container, Map<String, String> environment) throws IOException {
        List<Mounts.Mount> mounts = new ArrayList<>();
        if (!areMounted()) {
            return mounts;
        }
        for (JsonNode mount : container.path("volumeMounts")) {
            String name = Trees.text(mount, "name");
            String expression = Trees.text(mount, "subPathExpr");
            String within =
                    expression.isEmpty()
                            ? Trees.text(mount, "subPath")
                            : Variables.expand(expression, environment);
            Path source = path(name);
            if (!within.isEmpty()) {
                source = source.resolve(within).normalize();
                if (!source.startsWith(path(name))) {
                    throw new IOException("subPath " + within + " leads out of volume " + name);
                }
                if (!Files.exists(source)) {
                    Files.createDirectories(source);
                }
                source = source.toRealPath();
            }
            mounts.add(
                    new Mounts.Mount(
                            source,
                            target(mount),
                            mount.path("readOnly").asBoolean(false) || !isEmpty(name)));
        }
        return mounts;
    }

    private void write(String name, Map<String, VolumeFiles.Content> files) throws IOException {
        if (!files.equals(written.get(name))) {
            VolumeFiles.write(path(name), files);
            written.put(name, files);
        }
    }
}
