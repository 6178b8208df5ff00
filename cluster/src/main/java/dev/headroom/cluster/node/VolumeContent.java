package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The files of volumes that are made of objects: config maps, secrets, the pod itself, and projections of them. */
final class VolumeContent {
    private static final List<String> GIVEN =
            List.of("configMap", "downwardAPI", "emptyDir", "projected", "secret");
    private static final int MODE = 0644;

    private final NodeContext context;
    private final JsonNode pod;
    private final String podIp;

    VolumeContent(NodeContext context, JsonNode pod, String podIp) {
        this.context = context;
        this.pod = pod;
        this.podIp = podIp;
    }

    /** Of a volume as the pod's spec has it; the keys are paths within it. */
    Map<String, VolumeFiles.Content> of(JsonNode volume, String name) throws Volumes.Failed {
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
            throws Volumes.Failed {
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
            throw new Volumes.Failed(name, refusal(source));
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
            throws Volumes.Failed {
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
                throw new Volumes.Failed(
                        volume,
                        (secret
                                        ? "references non-existent secret key: "
                                        : "configmap references non-existent config key: ")
                                + Trees.text(item, "key"));
            }
        }
    }

    private Map<String, byte[]> data(boolean secret, String name, boolean optional, String volume)
            throws Volumes.Failed {
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
            throw new Volumes.Failed(
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
