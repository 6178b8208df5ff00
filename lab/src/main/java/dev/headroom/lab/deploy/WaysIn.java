package dev.headroom.lab.deploy;

import dev.headroom.lab.deploy.DeploymentRecord.WayIn;
import dev.headroom.lab.run.StageException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Finds how the load reaches a service, the truest way first: its load balancer's address, a node's port, and where neither answers a port forward through the
 * API, which is slow and goes to one pod.
 */
final class WaysIn {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration ATTEMPT = Duration.ofSeconds(3);

    private final Cluster cluster;
    private final Subject subject;
    private final String path;
    private final Consumer<String> says;

    WaysIn(Cluster cluster, Subject subject, String path, Consumer<String> says) {
        this.cluster = cluster;
        this.subject = subject;
        this.path = path;
        this.says = says;
    }

    /** A way in, and the forward to be closed after use where it is one. */
    record Found(WayIn wayIn, Optional<AutoCloseable> forward) {}

    Found find(Duration timeout) throws ClusterGoneException, StageException, InterruptedException {
        long start = System.nanoTime();
        // A cloud takes a minute or two to hand out an address; the embedded cluster does so at
        // once or never.
        Duration forAddress = cluster.embedded() ? Duration.ofSeconds(3) : Duration.ofSeconds(15);
        Duration forForward = cluster.embedded() ? timeout : Duration.ofSeconds(120);
        String said = "";
        try (HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(ATTEMPT)
                        .build()) {
            while (true) {
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                JsonNode service = service();
                String type = service.path("spec").path("type").asString("ClusterIP");
                List<WayIn> ways = new ArrayList<>(loadBalancer(service));
                if (cluster.around()) {
                    ways.addAll(0, fromInside(service, subject.servicePort()));
                } else if (type.equals("ClusterIP")) {
                    ways.addAll(clusterAddress(service));
                }
                if (ways.isEmpty()
                        && (!type.equals("LoadBalancer") || waited.compareTo(forAddress) > 0)) {
                    ways.addAll(nodePorts(service, type));
                }
                for (WayIn way : ways) {
                    if (answers(http, way.url())) {
                        return new Found(way, Optional.empty());
                    }
                }
                boolean clusterOnly =
                        type.equals("ExternalName") || type.equals("ClusterIP") && ways.isEmpty();
                if (clusterOnly || waited.compareTo(forForward) > 0 && !cluster.embedded()) {
                    return forward(
                            http,
                            clusterOnly ? "its type is " + type : "no address of it answered");
                }
                if (waited.compareTo(timeout) > 0) {
                    throw new StageException("deploy", noAnswer(ways, timeout), null);
                }
                String waits = ways.isEmpty() ? "an address" : ways.getFirst().url() + " to answer";
                if (waited.toSeconds() >= 2 && !waits.equals(said)) {
                    said = waits;
                    says.accept("waiting for " + waits);
                }
                Thread.sleep(POLL);
            }
        }
    }

    /** Whether the cluster's own addresses lead from here to it: it is on this machine, or this program in it. */
    boolean areHere() throws ClusterGoneException, InterruptedException {
        return cluster.embedded()
                || cluster.around()
                || service().path("spec").path("clusterIP").asString("").startsWith("127.");
    }

    /**
     * The way for a load that is sent by pods. Whether it answers can't be tried from here.
     *
     * @throws StageException where the service has no address in the cluster
     */
    Found forPods() throws ClusterGoneException, StageException, InterruptedException {
        List<WayIn> ways = fromInside(service(), subject.servicePort());
        if (ways.isEmpty()) {
            throw new StageException(
                    "deploy",
                    "Service/"
                            + subject.service()
                            + " has no address in the cluster (it is headless, or of type ExternalName), to which pods could send a load; give it one, or send the load from here (load.where: local)",
                    null);
        }
        return new Found(ways.getFirst(), Optional.empty());
    }

    private JsonNode service() throws ClusterGoneException, InterruptedException {
        return cluster.json(
                "/api/v1/namespaces/" + subject.namespace() + "/services/" + subject.service());
    }

    private String noAnswer(List<WayIn> ways, Duration timeout) {
        return "the workload is ready, but Service/"
                + subject.service()
                + (ways.isEmpty()
                        ? " has no address"
                        : " does not answer at "
                                + String.join(", ", ways.stream().map(WayIn::url).toList()))
                + " after "
                + timeout.toSeconds()
                + " s; does its targetPort ("
                + subject.targetPort()
                + ") lead to the port the container listens on?";
    }

    private List<WayIn> loadBalancer(JsonNode service) {
        List<WayIn> ways = new ArrayList<>();
        for (JsonNode ingress : service.path("status").path("loadBalancer").path("ingress")) {
            String host = ingress.path("ip").asString(ingress.path("hostname").asString(""));
            if (!host.isEmpty()) {
                ways.add(
                        new WayIn(
                                url(host, subject.servicePort()),
                                "LoadBalancer",
                                "the address of the service's load balancer"));
            }
        }
        return ways;
    }

    /**
     * Only one on loopback is surely this cluster's: another might be somebody else's address where this program runs. For a user who may not listen on a port below
     * 1024, the embedded cluster listens 30,000 above it.
     */
    private List<WayIn> clusterAddress(JsonNode service) {
        String ip = service.path("spec").path("clusterIP").asString("");
        if (!ip.startsWith("127.")) {
            return List.of();
        }
        String why = "the service's address in the cluster, which is on this machine";
        int port = subject.servicePort();
        WayIn plain = new WayIn(url(ip, port), "ClusterIP", why);
        return port >= 1024
                ? List.of(plain)
                : List.of(plain, new WayIn(url(ip, port + 30_000), "ClusterIP", why));
    }

    /** Where this program runs in the cluster, nothing is truer: the load balancer would only send it back in. A headless service has none. */
    static List<WayIn> fromInside(JsonNode service, int port) {
        String ip = service.path("spec").path("clusterIP").asString("");
        return ip.isEmpty() || ip.equals("None")
                ? List.of()
                : List.of(
                        new WayIn(
                                url(ip, port),
                                "ClusterIP",
                                "the service's address in the cluster, from which the load is sent"));
    }

    private List<WayIn> nodePorts(JsonNode service, String type)
            throws ClusterGoneException, InterruptedException {
        int port = service.path("spec").path("ports").path(0).path("nodePort").asInt(0);
        List<WayIn> ways = new ArrayList<>();
        if (port == 0) {
            return ways;
        }
        String why =
                type.equals("NodePort")
                        ? "the service is of type NodePort"
                        : "its load balancer has no address";
        ApiAnswer nodes = cluster.get("/api/v1/nodes");
        if (!nodes.ok()) {
            return ways;
        }
        for (String wanted : List.of("ExternalIP", "InternalIP")) {
            for (JsonNode node : nodes.json().path("items")) {
                for (JsonNode address : node.path("status").path("addresses")) {
                    if (address.path("type").asString("").equals(wanted)) {
                        String host = address.path("address").asString("");
                        ways.add(new WayIn(url(host, port), "NodePort", why));
                    }
                }
            }
        }
        // A cluster of many nodes answers on each; a few are enough to find one that does.
        return ways.size() <= 4 ? ways : ways.subList(0, 4);
    }

    private Found forward(HttpClient http, String why) throws StageException, InterruptedException {
        String what = "can't forward a port to Service/" + subject.service();
        LocalPortForward forward;
        try {
            forward =
                    cluster.client()
                            .services()
                            .inNamespace(subject.namespace())
                            .withName(subject.service())
                            .portForward(subject.servicePort());
        } catch (KubernetesClientException | IllegalStateException e) {
            throw new StageException("deploy", what + ": " + e.getMessage(), e);
        }
        says.accept(
                "the load goes through the Kubernetes API to one pod (port-forward), since "
                        + why
                        + ": whether more pods would bring more can't be judged");
        String url = url("127.0.0.1", forward.getLocalPort());
        for (int attempt = 0; attempt < 20; attempt++) {
            if (answers(http, url)) {
                WayIn way =
                        new WayIn(
                                url,
                                "port-forward",
                                "through the Kubernetes API, since "
                                        + why
                                        + "; it leads to one pod and limits the load");
                return new Found(way, Optional.of(forward));
            }
            Thread.sleep(POLL);
        }
        StageException failure =
                new StageException("deploy", what + ": nothing answers behind it", null);
        try {
            forward.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        throw failure;
    }

    private static String url(String host, int port) {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return "http://" + shown + (port == 80 ? "" : ":" + port);
    }

    /** Whether any HTTP answer comes; a GET of a path that wants a POST is answered with 405, and that is an answer. */
    private boolean answers(HttpClient http, String url) throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url + path)).timeout(ATTEMPT).GET().build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() > 0;
        } catch (IOException notYet) {
            return false;
        }
    }
}
