package dev.headroom.lab.deploy;

import dev.headroom.lab.run.LabClock;
import dev.headroom.lab.run.StageException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A connection to a Kubernetes API, whose ever it is. Thread-safe. */
public final class Cluster implements AutoCloseable {
    /** What stands for a context where there is no kubeconfig: the pod's service account. */
    public static final String IN_CLUSTER = "in-cluster";

    /** The first pause of a watch that was lost, in milliseconds; it doubles five times. */
    private static final int WATCH_AGAIN = 50;

    /** The longest pause before a watch that was lost is tried again. */
    public static final Duration LONGEST_WATCH_PAUSE = Duration.ofMillis(WATCH_AGAIN << 5);

    private final KubernetesClient client;
    private final String kind;
    private final @Nullable String context;
    private final boolean around;
    private final String server;
    private final String namespace;
    private final @Nullable DirectApi direct;
    private final PatientApi patient;
    private final ConcurrentHashMap<String, JsonNode> discovered = new ConcurrentHashMap<>();

    private Cluster(
            KubernetesClient client, String kind, @Nullable String context, String namespace)
            throws IOException {
        this.client = client;
        this.kind = kind;
        this.context = context;
        this.around = IN_CLUSTER.equals(context) && client.getConfiguration().getFile() == null;
        this.namespace = namespace;
        String url = client.getMasterUrl().toString();
        this.server = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.direct =
                kind.equals("embedded") ? DirectApi.of(client.getConfiguration(), server) : null;
        this.patient = new PatientApi(client.getHttpClient(), server, !kind.equals("embedded"));
    }

    /** The embedded cluster, by its kubeconfig. */
    public static Cluster embedded(Path kubeconfig) throws StageException {
        return connect(Kubeconfig.read(kubeconfig, null), "embedded", null, null);
    }

    /**
     * The cluster that this program runs in, by its pod's service account.
     *
     * @param namespace null takes the pod's
     */
    public static Cluster inCluster(@Nullable String namespace) throws StageException {
        return inCluster(InCluster.here(), namespace);
    }

    static Cluster inCluster(InCluster access, @Nullable String namespace) throws StageException {
        return connect(access.config(), "context", IN_CLUSTER, namespace);
    }

    /**
     * A cluster by kubeconfig and context, as kubectl finds them: in a pod without a kubeconfig that is the one around it.
     *
     * @param kubeconfig null takes {@code KUBECONFIG} or {@code ~/.kube/config}
     * @param context null takes the current one
     * @param namespace null takes the context's
     */
    public static Cluster context(
            @Nullable Path kubeconfig, @Nullable String context, @Nullable String namespace)
            throws StageException {
        InCluster around = InCluster.here();
        if (kubeconfig == null && context == null && around.isThere() && !Kubeconfig.exists()) {
            return inCluster(around, namespace);
        }
        Config config = Kubeconfig.read(kubeconfig, context);
        var current = config.getCurrentContext();
        String name = context != null || current == null ? context : current.getName();
        return connect(config, "context", name, namespace);
    }

    private static Cluster connect(
            Config config, String kind, @Nullable String context, @Nullable String namespace)
            throws StageException {
        config.setRequestRetryBackoffLimit(0);
        config.setOnlyHttpWatches(true);
        config.setWatchReconnectInterval(WATCH_AGAIN);
        config.setRequestTimeout((int) PatientApi.PATIENCE.toMillis());
        config.setConnectionTimeout((int) PatientApi.PATIENCE.toMillis());
        String place = namespace != null ? namespace : config.getNamespace();
        try {
            KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
            return new Cluster(client, kind, context, place == null ? "default" : place);
        } catch (KubernetesClientException | IOException e) {
            throw new StageException(
                    "deploy", "can't use the cluster's access data: " + e.getMessage(), e);
        }
    }

    public KubernetesClient client() {
        return client;
    }

    /** {@code embedded} or {@code context}. */
    public String kind() {
        return kind;
    }

    public boolean embedded() {
        return kind.equals("embedded");
    }

    public @Nullable String context() {
        return context;
    }

    /** Whether this program runs in a pod of it, and so reaches what only the cluster's own network has. */
    public boolean around() {
        return around;
    }

    public String server() {
        return server;
    }

    /** Where objects without a namespace of their own go. */
    public String namespace() {
        return namespace;
    }

    public ApiAnswer get(String path) throws ClusterGoneException, InterruptedException {
        return get(path, PatientApi.PATIENCE);
    }

    public ApiAnswer get(String path, Duration patience)
            throws ClusterGoneException, InterruptedException {
        if (direct == null) {
            return send("GET", path, null, null, patience);
        }
        try {
            return direct.get(path, patience);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw PatientApi.gone(server, e);
        }
    }

    /** The object or list at a path. */
    public JsonNode json(String path) throws ClusterGoneException, InterruptedException {
        ApiAnswer answer = get(path);
        if (!answer.ok()) {
            throw new ClusterGoneException("GET " + path + ": " + answer.message(), null);
        }
        return answer.json();
    }

    /**
     * Any request. It is sent again, within its time, where the server asks for that (429) or a connection breaks, so it has to be one that may come twice. Where it has 15 s or more, an API server
     * that goes away and comes back is waited for, and what it says while it starts is not taken for an answer.
     *
     * @param path with its query, from the server's root
     * @throws ClusterGoneException where no answer came in time
     */
    public ApiAnswer send(
            String method,
            String path,
            @Nullable String contentType,
            @Nullable String body,
            Duration patience)
            throws ClusterGoneException, InterruptedException {
        return patient.send(method, path, contentType, body, patience);
    }

    /**
     * By how much the API server's clock is ahead of this program's, to half a second; null where the server doesn't tell its time.
     */
    @Nullable Duration clockAhead() throws ClusterGoneException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                long before = LabClock.system().millis();
                String date =
                        patient.attempt("GET", "/version", null, null, PatientApi.PATIENCE)
                                .header("Date");
                long middle = (before + LabClock.system().millis()) / 2;
                return Retries.ahead(date, middle);
            } catch (ClusterGoneException e) {
                if (attempt == 3) {
                    throw e;
                }
                // Not sent again by what repeats requests: the time that passes would be added.
                get("/version");
            }
        }
    }

    /**
     * The path of a resource's collection.
     *
     * @return null where the cluster does not know the kind
     */
    public @Nullable String collection(String apiVersion, String kind, @Nullable String namespace)
            throws ClusterGoneException, InterruptedException {
        String root = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
        JsonNode resources = discovered.get(root);
        if (resources == null) {
            ApiAnswer answer = get(root);
            if (answer.code() == 404) {
                return null;
            }
            if (!answer.ok()) {
                throw new ClusterGoneException("GET " + root + ": " + answer.message(), null);
            }
            try {
                resources = answer.json().path("resources");
            } catch (JacksonException e) {
                throw new ClusterGoneException(
                        server + root + " does not answer as a Kubernetes API does", e);
            }
            discovered.put(root, resources);
        }
        for (JsonNode resource : resources) {
            String name = resource.path("name").asString("");
            if (resource.path("kind").asString("").equals(kind) && !name.contains("/")) {
                return resource.path("namespaced").asBoolean(false)
                        ? root
                                + "/namespaces/"
                                + (namespace == null ? this.namespace : namespace)
                                + "/"
                                + name
                        : root + "/" + name;
            }
        }
        return null;
    }

    @Override
    public void close() {
        client.close();
    }
}
