package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A workload and the pods it makes. Pods themselves are read alike. */
record Workload(Manifest object) {
    /**
     * A container that runs as long as its pod does.
     *
     * @param key where it stands
     */
    record Container(JsonNode node, String key) {
        String name() {
            return node.path("name").asString("?");
        }

        /** As written; a limit alone is the request too. */
        @Nullable Double request(String resource) {
            JsonNode resources = node.path("resources");
            Double request = Quantities.number(resources.path("requests").path(resource));
            return request != null ? request : limit(resource);
        }

        @Nullable Double limit(String resource) {
            return Quantities.number(node.path("resources").path("limits").path(resource));
        }
    }

    private JsonNode template() {
        return object.object().path("spec").path("template");
    }

    private boolean isPod() {
        return object.kind().equals("Pod");
    }

    JsonNode podSpec() {
        return isPod() ? object.object().path("spec") : template().path("spec");
    }

    String specKey() {
        return isPod() ? "spec" : "spec.template.spec";
    }

    JsonNode labels() {
        return (isPod() ? object.object() : template()).path("metadata").path("labels");
    }

    JsonNode annotations() {
        return (isPod() ? object.object() : template()).path("metadata").path("annotations");
    }

    /** The containers, and sidecars: init containers that are restarted for ever. The autoscaler counts both. */
    List<Container> containers() {
        List<Container> all = new ArrayList<>();
        for (int i = 0; i < podSpec().path("containers").size(); i++) {
            all.add(
                    new Container(
                            podSpec().path("containers").path(i),
                            specKey() + ".containers[" + i + "]"));
        }
        for (int i = 0; i < podSpec().path("initContainers").size(); i++) {
            JsonNode node = podSpec().path("initContainers").path(i);
            if (node.path("restartPolicy").asString("").equals("Always")) {
                all.add(new Container(node, specKey() + ".initContainers[" + i + "]"));
            }
        }
        return all;
    }

    /** The container that the pod is there for: the one that kubectl takes, else the first. */
    @Nullable Container main() {
        List<Container> all = containers();
        String named = annotations().path("kubectl.kubernetes.io/default-container").asString("");
        return all.stream()
                .filter(c -> c.name().equals(named))
                .findFirst()
                .orElse(all.isEmpty() ? null : all.getFirst());
    }

    /** A request of the pod as a whole, of its own or the sum of its containers'; null where one has none. */
    @Nullable Double request(String resource) {
        return sum(resource, "requests");
    }

    @Nullable Double limit(String resource) {
        return sum(resource, "limits");
    }

    private @Nullable Double sum(String resource, String what) {
        Double whole = Quantities.number(podSpec().path("resources").path(what).path(resource));
        if (whole != null) {
            return whole;
        }
        double sum = 0;
        for (Container container : containers()) {
            Double one =
                    what.equals("limits") ? container.limit(resource) : container.request(resource);
            if (one == null) {
                return null;
            }
            sum += one;
        }
        return sum;
    }

    /** What a scheduler keeps free for one of its pods; containers without a request need nothing. */
    double needs(String resource) {
        Double whole =
                Quantities.number(podSpec().path("resources").path("requests").path(resource));
        if (whole != null) {
            return whole;
        }
        double sum = 0;
        for (Container container : containers()) {
            Double one = container.request(resource);
            sum += one == null ? 0 : one;
        }
        double most = sum;
        for (JsonNode node : podSpec().path("initContainers")) {
            Double one = new Container(node, "").request(resource);
            most = Math.max(most, one == null ? 0 : one);
        }
        return most;
    }
}
