package dev.headroom.lab.deploy;

import dev.headroom.lab.run.LabClock;
import dev.headroom.lab.run.StageException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A connection to a Kubernetes API, whose ever it is. Thread-safe. */
public final class Cluster implements AutoCloseable {
    /** What stands for a context where there is no kubeconfig: the pod's service account. */
    public static final String IN_CLUSTER = "in-cluster";

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** An API server of somebody's own may be started anew, or moved to another machine, which takes it half a minute and more. */
    private static final Duration STARTED_ANEW = Duration.ofSeconds(60);

    /** For so long after it came back its answers about rights are not believed. */
    private static final Duration WARM = Duration.ofSeconds(10);

    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
    private static final Duration LEAST = Duration.ofMillis(100);

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
    private volatile boolean answered;

    /** When the first connection was lost since the last answer; 0 where the last request was answered. */
    private volatile long silentSince;

    private volatile long broken = System.nanoTime() - Duration.ofDays(1).toNanos();
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
    }

    /** The embedded cluster, by its kubeconfig. */
    public static Cluster embedded(Path kubeconfig) throws StageException {
        return connect(config(kubeconfig, null), "embedded", null, null);
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
        if (kubeconfig == null && context == null && around.isThere() && !hasKubeconfig()) {
            return inCluster(around, namespace);
        }
        Config config = config(kubeconfig, context);
        var current = config.getCurrentContext();
        String name = context != null || current == null ? context : current.getName();
        return connect(config, "context", name, namespace);
    }

    private static boolean hasKubeconfig() {
        return Config.getKubeconfigFilenames().stream().anyMatch(f -> Files.exists(Path.of(f)));
    }

    private static Config config(@Nullable Path kubeconfig, @Nullable String context)
            throws StageException {
        if (kubeconfig == null) {
            Config config = Config.autoConfigure(context);
            if (config.getFile() == null) {
                throw new StageException(
                        "deploy",
                        "there is no kubeconfig: neither KUBECONFIG nor ~/.kube/config names one; give --kubeconfig FILE",
                        null);
            }
            return checked(config, context, config.getFile().toString());
        }
        if (!Files.isReadable(kubeconfig)) {
            throw new StageException(
                    "deploy",
                    "can't read the kubeconfig "
                            + kubeconfig
                            + (Files.exists(kubeconfig) ? ": permission denied" : ": no such file"),
                    null);
        }
        try {
            Config config = Config.fromKubeconfig(kubeconfig.toFile());
            if (context != null) {
                config =
                        Config.fromKubeconfig(
                                context, Files.readString(kubeconfig), kubeconfig.toString());
            }
            return checked(config, context, kubeconfig.toString());
        } catch (IOException | RuntimeException e) {
            // What the parser says of it would show what is in it, and it may be any file.
            throw new StageException(
                    "deploy",
                    kubeconfig
                            + (Files.isDirectory(kubeconfig)
                                    ? " is a folder; a kubeconfig file is needed"
                                    : " is no kubeconfig: YAML with clusters, users and contexts is needed"),
                    e);
        }
    }

    private static Config checked(Config config, @Nullable String context, String file)
            throws StageException {
        if (context != null
                && config.getContexts() != null
                && config.getContexts().stream().noneMatch(c -> context.equals(c.getName()))) {
            throw new StageException(
                    "deploy",
                    "there is no context \""
                            + context
                            + "\" in "
                            + file
                            + "; it has "
                            + String.join(
                                    ", ",
                                    config.getContexts().stream()
                                            .map(c -> String.valueOf(c.getName()))
                                            .toList()),
                    null);
        }
        if (config.getCurrentContext() == null) {
            // The client library would take a cluster that nobody named.
            throw new StageException(
                    "deploy",
                    file + " has no current context; name one of its contexts with --context",
                    null);
        }
        return config;
    }

    private static Cluster connect(
            Config config, String kind, @Nullable String context, @Nullable String namespace)
            throws StageException {
        config.setRequestRetryBackoffLimit(0);
        config.setOnlyHttpWatches(true);
        config.setWatchReconnectInterval(WATCH_AGAIN);
        config.setRequestTimeout((int) PATIENCE.toMillis());
        config.setConnectionTimeout((int) PATIENCE.toMillis());
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
        return get(path, PATIENCE);
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
            throw gone(e);
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
        // One that never answered is more likely a wrong address than a server in trouble, and the
        // embedded cluster is this program's own: where it is gone, it does not come back.
        Duration silent = silence();
        boolean mayComeBack = answered && !embedded() && silent.compareTo(STARTED_ANEW) < 0;
        boolean waits = mayComeBack && patience.compareTo(PATIENCE) >= 0;
        Duration longest = patience.compareTo(STARTED_ANEW) < 0 ? STARTED_ANEW : patience;
        // What others have waited in vain counts: a clean-up of many requests must not take a
        // minute for each.
        Duration most = waits ? longest.minus(silent) : patience;
        long start = System.nanoTime();
        for (int attempt = 0; ; attempt++) {
            Duration gone = Duration.ofNanos(System.nanoTime() - start);
            Duration pause = Duration.ofMillis(100L << Math.min(attempt, 5));
            try {
                HttpResponse<String> response =
                        attempt(method, path, contentType, body, time(patience, most.minus(gone)));
                answered = true;
                silentSince = 0;
                Duration asked = again(response, path, waits);
                if (asked == null || asked.compareTo(most.minus(gone)) >= 0) {
                    String text = response.body();
                    return new ApiAnswer(response.code(), text == null ? "" : text);
                }
                pause = asked;
            } catch (ClusterGoneException e) {
                boolean ofTheConnection = Retries.isOfTheConnection(e);
                if (ofTheConnection) {
                    broken = System.nanoTime();
                    silentSince = silentSince == 0 ? broken : silentSince;
                }
                if (!mayComeBack
                        || !ofTheConnection
                        || pause.plusMillis(100).compareTo(most.minus(gone)) >= 0) {
                    throw e;
                }
            }
            Thread.sleep(pause);
        }
    }

    private Duration silence() {
        long since = silentSince;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** How long to wait before the same is asked again; null where it was answered. */
    private @Nullable Duration again(HttpResponse<String> response, String path, boolean waits) {
        Duration asked = Retries.pause(response.code(), response.header("Retry-After"));
        if (asked != null || !waits) {
            return asked;
        }
        boolean cold = System.nanoTime() - broken < WARM.toNanos();
        return Retries.isOfTheServer(response.code(), response.body(), path)
                        || cold && Retries.isOfRights(response.code())
                ? HALF_A_SECOND
                : null;
    }

    private static Duration time(Duration patience, Duration left) {
        Duration time = patience.compareTo(left) <= 0 ? patience : left;
        return time.compareTo(LEAST) >= 0 ? time : LEAST;
    }

    private HttpResponse<String> attempt(
            String method,
            String path,
            @Nullable String contentType,
            @Nullable String body,
            Duration patience)
            throws ClusterGoneException, InterruptedException {
        HttpRequest.Builder request =
                client.getHttpClient()
                        .newHttpRequestBuilder()
                        .uri(URI.create(server + path))
                        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (body != null) {
            request.method(method, contentType == null ? "application/json" : contentType, body);
        } else if (!method.equals("GET")) {
            request.method(method, "application/json", "");
        }
        var pending = client.getHttpClient().sendAsync(request.build(), String.class);
        try {
            return pending.get(patience.toMillis() + 500, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            pending.cancel(true);
            throw gone(e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e);
        }
    }

    /**
     * By how much the API server's clock is ahead of this program's, to half a second; null where the server doesn't tell its time.
     */
    @Nullable Duration clockAhead() throws ClusterGoneException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                long before = LabClock.system().millis();
                String date = attempt("GET", "/version", null, null, PATIENCE).header("Date");
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

    private ClusterGoneException gone(Throwable cause) {
        boolean late =
                cause instanceof TimeoutException
                        || cause instanceof SocketTimeoutException
                        || cause.getMessage() == null;
        return new ClusterGoneException(
                "the Kubernetes API at "
                        + server
                        + " gave no answer"
                        + (late ? " in time" : ": " + cause.getMessage()),
                cause);
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
