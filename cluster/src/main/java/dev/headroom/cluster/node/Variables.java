package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Quantities;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.math.BigDecimal;
import java.math.RoundingMode;
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

    Variables(Objects objects) {
        this.objects = objects;
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
                    field(Trees.text(source, "fieldRef", "fieldPath"), pod, podIp, hostIp));
        }
        if (source.has("resourceFieldRef")) {
            return Optional.of(resource(source.path("resourceFieldRef"), pod, container));
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

    private static String field(String path, JsonNode pod, String podIp, String hostIp) {
        Matcher keyed =
                Pattern.compile("metadata\\.(labels|annotations)\\['(.*)'\\]").matcher(path);
        if (keyed.matches()) {
            return Trees.text(pod, "metadata", keyed.group(1), keyed.group(2));
        }
        return switch (path) {
            case "status.podIP", "status.podIPs" -> podIp;
            case "status.hostIP", "status.hostIPs" -> hostIp;
            case "spec.serviceAccountName" ->
                    Trees.at(pod, "spec", "serviceAccountName").asString("default");
            default -> Trees.text(pod, path.split("\\."));
        };
    }

    private static String resource(JsonNode reference, JsonNode pod, JsonNode container) {
        String[] path = Trees.text(reference, "resource").split("\\.", 2);
        String name = Trees.text(reference, "containerName");
        JsonNode owner =
                pod.path("spec")
                        .path("containers")
                        .valueStream()
                        .filter(c -> Trees.text(c, "name").equals(name))
                        .findFirst()
                        .orElse(container);
        BigDecimal value =
                Quantities.parse(owner.path("resources").path(path[0]).path(path[1]).asString("0"));
        BigDecimal divisor = Quantities.parse(Trees.text(reference, "divisor"));
        if (divisor.signum() == 0) {
            divisor = BigDecimal.ONE;
        }
        return value.divide(divisor, 0, RoundingMode.CEILING).toPlainString();
    }
}
