package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The Node object by which a node announces itself: what it has to give, where it is, and that it is well. */
final class NodeObject {
    private static final int MAX_PODS = 110;
    private static final String OS = System.getProperty("os.name", "");
    private static final String ARCHITECTURE = System.getProperty("os.arch", "");

    private NodeObject() {}

    /** Creates it and writes its status. */
    static void register(Objects objects, NodeAgent.Options options, Machine machine, Instant now) {
        ObjectNode node = Trees.object();
        ObjectNode metadata = node.putObject("metadata").put("name", options.name());
        metadata.putObject("labels")
                .put("kubernetes.io/hostname", options.name())
                .put("kubernetes.io/os", OS.toLowerCase(Locale.ROOT))
                .put("kubernetes.io/arch", ARCHITECTURE.equals("amd64") ? "amd64" : "arm64");
        metadata.putObject("annotations")
                .put("headroom.dev/cpu-scale", Double.toString(machine.cpuScale()))
                .put("headroom.dev/cpu-limits", machine.limitMechanism())
                .put("headroom.dev/volumes", machine.mountSpace().word());
        ObjectNode created = objects.create(ResourceType.NODE, "", node).deepCopy();
        ObjectNode status = created.putObject("status");
        capacity(status, options);
        addresses(status.putArray("addresses"), options);
        conditions(status, now);
        info(status.putObject("nodeInfo"), machine.state().id());
        objects.updateSubresource(ResourceType.NODE, "", options.name(), "status", created);
    }

    private static void capacity(ObjectNode status, NodeAgent.Options options) {
        long milli = options.cpuMilli();
        for (String field : new String[] {"capacity", "allocatable"}) {
            status.putObject(field)
                    .put("cpu", milli % 1000 == 0 ? Long.toString(milli / 1000) : milli + "m")
                    .put("memory", options.memoryBytes() / 1024 + "Ki")
                    .put("pods", Integer.toString(MAX_PODS));
        }
    }

    private static void addresses(ArrayNode addresses, NodeAgent.Options options) {
        addresses.addObject().put("type", "InternalIP").put("address", options.hostIp());
        addresses.addObject().put("type", "Hostname").put("address", options.name());
    }

    private static void conditions(ObjectNode status, Instant now) {
        Trees.setCondition(
                status,
                "MemoryPressure",
                "False",
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available",
                now);
        Trees.setCondition(
                status,
                "DiskPressure",
                "False",
                "KubeletHasNoDiskPressure",
                "kubelet has no disk pressure",
                now);
        Trees.setCondition(
                status,
                "PIDPressure",
                "False",
                "KubeletHasSufficientPID",
                "kubelet has sufficient PID available",
                now);
        Trees.setCondition(
                status, "Ready", "True", "KubeletReady", "kubelet is posting ready status", now);
        beat(status, now);
    }

    private static void beat(ObjectNode status, Instant now) {
        for (JsonNode condition : status.path("conditions")) {
            ((ObjectNode) condition).put("lastHeartbeatTime", Trees.time(now));
        }
    }

    /** Says of all conditions that they hold still; a node that is gone says nothing. */
    static void beat(Objects objects, String name, Instant now) {
        ObjectNode node = objects.get(ResourceType.NODE, "", name).deepCopy();
        beat(Trees.ensure(node, "status"), now);
        objects.updateSubresource(ResourceType.NODE, "", name, "status", node);
    }

    private static void info(ObjectNode info, String id) {
        info.put("machineID", id)
                .put("systemUUID", id)
                .put("bootID", id)
                .put("kernelVersion", System.getProperty("os.version", ""))
                .put("osImage", OS)
                .put("containerRuntimeVersion", "process://" + Runtime.version().feature())
                .put("kubeletVersion", "v1.34.2+headroom")
                .put("kubeProxyVersion", "")
                .put("operatingSystem", OS.toLowerCase(Locale.ROOT))
                .put("architecture", ARCHITECTURE);
    }
}
