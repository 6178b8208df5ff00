package dev.headroom.lab.launch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A proxy before an API server that does what an API server of somebody's own does and the embedded one does not: it allows only what a role allows, sheds load, loses
 * connections, forgets what watches want to go on from, and goes away for a while.
 */
public final class GuardedApi implements AutoCloseable {
    private static final String EXPIRED =
            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Expired\",\"code\":410,\"message\":\"too old resource version\"}}\n";

    /** What happens to a request instead of being passed on. */
    public enum Fault {
        NONE,
        TOO_MANY_REQUESTS,
        RESET,
        RESET_AFTER_IT_WAS_DONE,
        /** The connection ends in the middle of the answer. */
        CUT,
        /** As from a load balancer without a server behind it, and from a server that has just been started. */
        UNAVAILABLE,
        /** As from a server whose etcd has lost its leader. */
        NO_LEADER,
        /** As from a server that has not yet read who may do what. */
        FORBIDDEN,
        /** As where a controller wrote in between. */
        CONFLICT,
        /** Of watches: they end with the news that they must begin anew. */
        EXPIRED
    }

    /** Chooses what happens. */
    public interface Faults {
        Fault of(RbacRequest request);
    }

    private final Config config;
    private final HttpClient upstream;
    private final String server;
    private final @Nullable RbacRules rules;
    private final Set<String> used = new ConcurrentSkipListSet<>();
    private final List<String> denied = new CopyOnWriteArrayList<>();
    private final List<String> updates = new CopyOnWriteArrayList<>();
    private volatile Faults faults = request -> Fault.NONE;
    private volatile Duration comeBack = Duration.ofSeconds(1);
    private final int port;
    private HttpServer http;

    /**
     * @param rules null allows all
     */
    public GuardedApi(Path kubeconfig, @Nullable RbacRules rules) throws Exception {
        this.rules = rules;
        config = Config.fromKubeconfig(kubeconfig.toFile());
        server = config.getMasterUrl().replaceFirst("/$", "");
        upstream =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(SSLUtils.sslContext(config))
                        .build();
        http = listen(0);
        port = http.getAddress().getPort();
    }

    private HttpServer listen(int port) throws IOException {
        HttpServer listening =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        listening.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        listening.createContext("/", this::handle);
        listening.start();
        return listening;
    }

    /** Writes a kubeconfig that leads here. */
    public Path kubeconfig(Path file) throws IOException {
        return Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: guarded, cluster: {server: 'http://127.0.0.1:%d'}}]
                users: [{name: guarded, user: {token: none}}]
                contexts: [{name: guarded, context: {cluster: guarded, user: guarded, namespace: default}}]
                current-context: guarded
                """
                        .formatted(port));
    }

    public void faults(Faults chosen) {
        faults = chosen;
    }

    /** After how long those want to be asked again who are refused for their number. */
    public void comeBackAfter(Duration time) {
        comeBack = time;
    }

    /** {@code verb group/resource}, of all that were let through. */
    Set<String> used() {
        return used;
    }

    List<String> denied() {
        return denied;
    }

    /** The bodies of all that were to replace an object. */
    public List<String> updates() {
        return updates;
    }

    /** Goes away with all connections. */
    public void goAway() {
        http.stop(0);
    }

    public void comeBack() throws IOException {
        http = listen(port);
    }

    private void handle(HttpExchange exchange) throws IOException {
        RbacRequest request =
                RbacRequest.of(exchange.getRequestMethod(), exchange.getRequestURI().toString());
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (request.verb().equals("update")) {
            updates.add(new String(body, StandardCharsets.UTF_8));
        }
        try (exchange) {
            if (!allowed(exchange, request)
                    || (request.verb().equals("patch")
                            && isMissing(exchange)
                            && !allowed(exchange, request.asCreate()))) {
                return;
            }
            switch (faults.of(request)) {
                case NONE -> pass(exchange, body);
                case TOO_MANY_REQUESTS -> {
                    exchange.getResponseHeaders()
                            .set("Retry-After", String.valueOf(comeBack.toSeconds()));
                    status(exchange, 429, "TooManyRequests", "come back later");
                }
                case RESET -> {
                    // Closed without an answer.
                }
                case RESET_AFTER_IT_WAS_DONE ->
                        send(exchange, body, HttpResponse.BodyHandlers.discarding());
                case CUT ->
                        cut(
                                exchange,
                                send(exchange, body, HttpResponse.BodyHandlers.ofByteArray()));
                case UNAVAILABLE ->
                        status(exchange, 503, "ServiceUnavailable", "apiserver not ready");
                case NO_LEADER ->
                        status(exchange, 500, "InternalError", "etcdserver: leader changed");
                case FORBIDDEN -> status(exchange, 403, "Forbidden", "no RBAC policy matched");
                case CONFLICT -> status(exchange, 409, "Conflict", "the object has been modified");
                case EXPIRED -> {
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(EXPIRED.getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void cut(HttpExchange exchange, HttpResponse<byte[]> response)
            throws IOException {
        byte[] whole = response.body();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(response.statusCode(), whole.length + 1L);
        exchange.getResponseBody().write(whole, 0, whole.length / 2);
        exchange.getResponseBody().flush();
    }

    private boolean allowed(HttpExchange exchange, RbacRequest request) throws IOException {
        if (rules != null && !rules.allow(request)) {
            denied.add(request.words());
            status(exchange, 403, "Forbidden", request.words() + " is forbidden");
            return false;
        }
        if (!request.resource().isEmpty()) {
            used.add(request.right());
        }
        return true;
    }

    /** A server-side apply that makes its object wants the right to create it too. */
    private boolean isMissing(HttpExchange exchange) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server + exchange.getRequestURI().getRawPath()))
                        .header("Authorization", "Bearer " + config.getAutoOAuthToken())
                        .build();
        return upstream.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 404;
    }

    private static void status(HttpExchange exchange, int code, String reason, String message)
            throws IOException {
        byte[] body =
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"%s\",\"code\":%d,\"message\":\"%s\"}"
                        .formatted(reason, code, message)
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }

    private <T> HttpResponse<T> send(
            HttpExchange exchange, byte[] body, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server + exchange.getRequestURI()))
                        .method(
                                exchange.getRequestMethod(),
                                HttpRequest.BodyPublishers.ofByteArray(body))
                        .header("Authorization", "Bearer " + config.getAutoOAuthToken());
        for (String name : List.of("Content-Type", "Accept")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        return upstream.send(request.build(), handler);
    }

    private void pass(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                send(exchange, body, HttpResponse.BodyHandlers.ofInputStream());
        response.headers()
                .firstValue("Content-Type")
                .ifPresent(t -> exchange.getResponseHeaders().set("Content-Type", t));
        try (InputStream from = response.body()) {
            exchange.sendResponseHeaders(response.statusCode(), 0);
            OutputStream to = exchange.getResponseBody();
            // A watch has begun before there is anything to tell.
            to.flush();
            byte[] buffer = new byte[8192];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.write(buffer, 0, n);
                // A watch's events are not to wait for more of them.
                to.flush();
            }
        }
    }

    @Override
    public void close() {
        http.stop(0);
        upstream.shutdownNow();
    }
}
