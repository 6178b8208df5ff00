package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Variables that lead to the services of a pod's namespace, {@code WEB_SERVICE_HOST} and the like (upstream: envvars.FromServices). */
final class ServiceLinks {
    private ServiceLinks() {}

    static void put(Objects objects, String namespace, Map<String, String> variables) {
        for (JsonNode service : objects.list(ResourceType.SERVICE, namespace, Query.ALL).items()) {
            String ip = Trees.text(service, "spec", "clusterIP");
            if (!ip.isEmpty() && !ip.equals("None")) {
                put(service, ip, variables);
            }
        }
    }

    private static void put(JsonNode service, String ip, Map<String, String> variables) {
        String prefix = variable(Trees.name(service));
        JsonNode ports = service.path("spec").path("ports");
        variables.put(prefix + "_SERVICE_HOST", ip);
        variables.put(prefix + "_SERVICE_PORT", ports.path(0).path("port").asString(""));
        for (JsonNode port : ports) {
            String name = Trees.text(port, "name");
            String number = port.path("port").asString("");
            if (!name.isEmpty()) {
                variables.put(prefix + "_SERVICE_PORT_" + variable(name), number);
            }
            String protocol = port.path("protocol").asString("TCP");
            String url = protocol.toLowerCase(Locale.ROOT) + "://" + ip + ":" + number;
            variables.putIfAbsent(prefix + "_PORT", url);
            String one = prefix + "_PORT_" + number + "_" + protocol;
            variables.put(one, url);
            variables.put(one + "_PROTO", protocol.toLowerCase(Locale.ROOT));
            variables.put(one + "_PORT", number);
            variables.put(one + "_ADDR", ip);
        }
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
