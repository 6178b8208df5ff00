package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A container's environment variables, from all the places a manifest may take them from. */
final class Variables {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$(\\$|\\(([A-Za-z_.-][A-Za-z0-9_.-]*)\\))");
    private static final List<String> INHERITED =
            List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "JAVA_HOME", "USER");

    private final Objects objects;
    private final NodeContext.Size size;

    /**
     * @param size of the node, for limits that a container does not have
     */
    Variables(Objects objects, NodeContext.Size size) {
        this.objects = objects;
        this.size = size;
    }

    /** A manifest asks for what is not there; the container then waits with CreateContainerConfigError. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message);
        }
    }

    Map<String, String> of(
            JsonNode pod,
            JsonNode container,
            Map<String, String> image,
            String podIp,
            String hostIp,
            String clusterId)
            throws Missing {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String name : INHERITED) {
            String value = System.getenv(name);
            if (value != null) {
                variables.put(name, value);
            }
        }
        variables.put("HOSTNAME", Trees.name(pod));
        variables.put("POD_IP", podIp);
        if (pod.path("spec").path("enableServiceLinks").asBoolean(true)) {
            ServiceLinks.put(objects, Trees.namespace(pod), variables);
        }
        variables.putAll(image);
        for (JsonNode source : container.path("envFrom")) {
            fromAll(variables, source, Trees.namespace(pod));
        }
        for (JsonNode variable : container.path("env")) {
            String name = Trees.text(variable, "name");
            if (variable.has("valueFrom")) {
                Optional<String> value =
                        from(variable.path("valueFrom"), pod, container, podIp, hostIp);
                value.ifPresent(text -> variables.put(name, text));
            } else {
                variables.put(name, expand(Trees.text(variable, "value"), variables));
            }
        }
        variables.put(StateDirectory.MARK, clusterId);
        return variables;
    }

    /** {@code $(NAME)} becomes the variable's value, {@code $$} a dollar; a name that is not there stays as it is. */
    static String expand(String text, Map<String, String> variables) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String replacement =
                    matcher.group(1).equals("$")
                            ? "$"
                            : variables.getOrDefault(matcher.group(2), matcher.group());
            matcher.appendReplacement(result, Matcher.quoteReplacement(replacement));
        }
        return matcher.appendTail(result).toString();
    }

    private void fromAll(Map<String, String> variables, JsonNode source, String namespace)
            throws Missing {
        boolean secret = source.has("secretRef");
        JsonNode reference = source.path(secret ? "secretRef" : "configMapRef");
        Optional<JsonNode> data =
                data(
                        secret,
                        namespace,
                        Trees.text(reference, "name"),
                        reference.path("optional").asBoolean(false));
        data.ifPresent(values ->
                values.properties()
                        .forEach(entry ->
                                variables.put(
                                        Trees.text(source, "prefix") + entry.getKey(),
                                        decode(entry.getValue(), secret))));
    }

    private static String decode(JsonNode value, boolean secret) {
        String text = value.asString("");
        return secret ? new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8) : text;
    }

    private Optional<JsonNode> data(boolean secret, String namespace, String name, boolean optional)
            throws Missing {
        try {
            return Optional.of(
                    objects.get(
                                    secret ? ResourceType.SECRET : ResourceType.CONFIG_MAP,
                                    namespace,
                                    name)
                            .path("data"));
        } catch (ApiException e) {
            if (optional && e.isNotFound()) {
                return Optional.empty();
            }
            throw new Missing((secret ? "secret" : "configmap") + " \"" + name + "\" not found");
        }
    }

    private Optional<String> from(
            JsonNode source, JsonNode pod, JsonNode container, String podIp, String hostIp)
            throws Missing {
        if (source.has("fieldRef")) {
            return Optional.of(
                    Downward.field(
                            Trees.text(source, "fieldRef", "fieldPath"), pod, podIp, hostIp));
        }
        if (source.has("resourceFieldRef")) {
            return Optional.of(
                    Downward.resource(source.path("resourceFieldRef"), pod, container, size));
        }
        boolean secret = source.has("secretKeyRef");
        JsonNode reference = source.path(secret ? "secretKeyRef" : "configMapKeyRef");
        boolean optional = reference.path("optional").asBoolean(false);
        String name = Trees.text(reference, "name");
        String key = Trees.text(reference, "key");
        Optional<JsonNode> data = data(secret, Trees.namespace(pod), name, optional);
        if (data.isEmpty() || !data.get().has(key)) {
            if (optional) {
                return Optional.empty();
            }
            throw new Missing(
                    "couldn't find key "
                            + key
                            + " in "
                            + (secret ? "Secret " : "ConfigMap ")
                            + Trees.namespace(pod)
                            + "/"
                            + name);
        }
        return Optional.of(decode(data.get().path(key), secret));
    }
}
