package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A pod's volumes, each a folder under the pod's own. Those that are made of objects are brought up to date each time they are made
 * again, all files of one at once.
 */
final class Volumes {
    private static final List<String> GIVEN =
            List.of("configMap", "downwardAPI", "emptyDir", "projected", "secret");
    private static final int MODE = 0644;

    private final NodeContext context;
    private final JsonNode pod;
    private final String podIp;
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
        this.podIp = podIp;
        this.folder = folder;
    }

    /** Whether any of them may change while the pod runs. */
    boolean areMadeOfObjects() {
        return pod.path("spec").path("volumes").valueStream().anyMatch(v -> !v.has("emptyDir"));
    }

    /** Where a volume's files are. */
    Path path(String name) {
        return folder.resolve(name);
    }

    /** Makes them, or brings them up to date. */
    void make() throws Failed {
        for (JsonNode container : containers()) {
            for (JsonNode mount : container.path("volumeMounts")) {
                if (context.mountSpace() == MountSpace.NONE && !isStandIn(mount)) {
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
                    write(name, content(volume, name));
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
        if (context.mountSpace() == MountSpace.NONE) {
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
        if (context.mountSpace() == MountSpace.NONE) {
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

    private void write(String name, Map<String, VolumeFiles.Content> content) throws IOException {
        if (!content.equals(written.get(name))) {
            VolumeFiles.write(path(name), content);
            written.put(name, content);
        }
    }

    private Map<String, VolumeFiles.Content> content(JsonNode volume, String name) throws Failed {
        Map<String, VolumeFiles.Content> files = new TreeMap<>();
        if (volume.has("projected")) {
            JsonNode projected = volume.path("projected");
            int mode = projected.path("defaultMode").asInt(MODE);
            for (JsonNode source : projected.path("sources")) {
                add(files, source, name, mode);
            }
        } else {
            add(files, volume, name, MODE);
        }
        return files;
    }

    private void add(
            Map<String, VolumeFiles.Content> files, JsonNode source, String name, int otherwise)
            throws Failed {
        if (source.has("configMap")) {
            JsonNode wanted = source.path("configMap");
            String object = Trees.text(wanted, "name");
            add(files, wanted, false, object, name, wanted.path("defaultMode").asInt(otherwise));
        } else if (source.has("secret")) {
            JsonNode wanted = source.path("secret");
            // A volume names its secret by another field than a projection does.
            String object = Trees.text(wanted, "secretName") + Trees.text(wanted, "name");
            add(files, wanted, true, object, name, wanted.path("defaultMode").asInt(otherwise));
        } else if (source.has("downwardAPI")) {
            JsonNode wanted = source.path("downwardAPI");
            downward(files, wanted, wanted.path("defaultMode").asInt(otherwise));
        } else {
            throw new Failed(name, refusal(source));
        }
    }

    private static String refusal(JsonNode source) {
        String kind =
                source.propertyNames().stream()
                        .filter(field -> !field.equals("name"))
                        .findFirst()
                        .orElse("nothing");
        return kind
                + " is not given by this node, on which pods are processes; it gives "
                + String.join(", ", GIVEN);
    }

    private void add(
            Map<String, VolumeFiles.Content> files,
            JsonNode wanted,
            boolean secret,
            String object,
            String volume,
            int mode)
            throws Failed {
        boolean optional = wanted.path("optional").asBoolean(false);
        Map<String, byte[]> data = data(secret, object, optional, volume);
        if (wanted.path("items").isEmpty()) {
            data.forEach((key, bytes) -> files.put(key, new VolumeFiles.Content(bytes, mode)));
            return;
        }
        for (JsonNode item : wanted.path("items")) {
            byte[] bytes = data.get(Trees.text(item, "key"));
            if (bytes != null) {
                files.put(
                        Trees.text(item, "path"),
                        new VolumeFiles.Content(bytes, item.path("mode").asInt(mode)));
            } else if (!optional) {
                throw new Failed(
                        volume,
                        (secret
                                        ? "references non-existent secret key: "
                                        : "configmap references non-existent config key: ")
                                + Trees.text(item, "key"));
            }
        }
    }

    private Map<String, byte[]> data(boolean secret, String name, boolean optional, String volume)
            throws Failed {
        JsonNode object;
        try {
            object =
                    context.objects()
                            .get(
                                    secret ? ResourceType.SECRET : ResourceType.CONFIG_MAP,
                                    Trees.namespace(pod),
                                    name);
        } catch (ApiException e) {
            if (optional && e.isNotFound()) {
                return Map.of();
            }
            throw new Failed(
                    volume, (secret ? "secret" : "configmap") + " \"" + name + "\" not found");
        }
        Map<String, byte[]> data = new TreeMap<>();
        for (var entry : object.path("data").properties()) {
            String text = entry.getValue().asString("");
            data.put(
                    entry.getKey(),
                    secret
                            ? Base64.getDecoder().decode(text)
                            : text.getBytes(StandardCharsets.UTF_8));
        }
        for (var entry : object.path("binaryData").properties()) {
            data.put(entry.getKey(), Base64.getDecoder().decode(entry.getValue().asString("")));
        }
        return data;
    }

    private void downward(Map<String, VolumeFiles.Content> files, JsonNode wanted, int mode) {
        JsonNode first = pod.path("spec").path("containers").path(0);
        // Labels and annotations may have changed since the pod was bound.
        JsonNode now = now();
        for (JsonNode item : wanted.path("items")) {
            String text =
                    item.has("fieldRef")
                            ? Downward.field(
                                    Trees.text(item, "fieldRef", "fieldPath"),
                                    now,
                                    podIp,
                                    context.hostIp())
                            : Downward.resource(
                                    item.path("resourceFieldRef"), pod, first, context.size());
            files.put(
                    Trees.text(item, "path"),
                    new VolumeFiles.Content(
                            text.getBytes(StandardCharsets.UTF_8), item.path("mode").asInt(mode)));
        }
    }

    private JsonNode now() {
        try {
            return context.objects().get(ResourceType.POD, Trees.namespace(pod), Trees.name(pod));
        } catch (ApiException gone) {
            return pod;
        }
    }
}
