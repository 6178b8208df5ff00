package dev.headroom.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A container registry that takes pushes, by the OCI distribution specification: it wants a login, counts the digests itself, and takes a manifest only once it has
 * all that it names. What was wrong is kept.
 */
final class StubRegistry implements AutoCloseable {
    private final HttpsServer server;
    private final String login;
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

    StubRegistry(Path folder, String user, String password)
            throws IOException, InterruptedException, GeneralSecurityException {
        login =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (user + ":" + password).getBytes(StandardCharsets.UTF_8));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(folder)));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** With a certificate of its own making, which only a registry on this machine may have. */
    private static SSLContext tls(Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("registry.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> words =
                List.of(
                        "-genkeypair -keyalg EC -alias registry -dname CN=127.0.0.1 -storepass secret -keystore"
                                .split(" "));
        List<String> command = new ArrayList<>(List.of(keytool.toString()));
        command.addAll(words);
        command.add(file.toString());
        Repository.run(folder, Map.of(), command);
        KeyStore store = KeyStore.getInstance(file.toFile(), "secret".toCharArray());
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** {@code 127.0.0.1:PORT}. */
    String name() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** By path, as in {@code p/headroom/iris-api/manifests/TAG}. */
    Map<String, byte[]> manifests() {
        return manifests;
    }

    Map<String, byte[]> blobs() {
        return blobs;
    }

    List<String> wrong() {
        return wrong;
    }

    static String digest(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        byte[] body = exchange.getRequestBody().readAllBytes();
        try (exchange) {
            if (!login.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"stub\"");
                reply(exchange, 401);
            } else if (path.equals("/v2/")) {
                reply(exchange, 200);
            } else if (method.equals("HEAD") || method.equals("GET")) {
                String digest = path.substring(path.lastIndexOf('/') + 1);
                reply(exchange, blobs.containsKey(digest) ? 200 : 404);
            } else if (method.equals("POST") && path.endsWith("/blobs/uploads/")) {
                exchange.getResponseHeaders().add("Location", path + "one" + blobs.size());
                reply(exchange, 202);
            } else if (method.equals("PATCH")) {
                String digest = digest(body);
                blobs.put(digest, body);
                exchange.getResponseHeaders().add("Location", path + "?has=" + digest);
                reply(exchange, 202);
            } else if (method.equals("PUT") && path.contains("/blobs/uploads/")) {
                String query = String.valueOf(exchange.getRequestURI().getQuery());
                String digest = query.replaceFirst(".*(^|&)digest=", "").replaceFirst("&.*", "");
                reply(exchange, check(blobs.containsKey(digest), "no such upload: " + query));
            } else if (method.equals("PUT") && path.contains("/manifests/")) {
                manifests.put(path.substring("/v2/".length()), body);
                exchange.getResponseHeaders().add("Docker-Content-Digest", digest(body));
                reply(exchange, check(complete(body), "a manifest before its blobs: " + path));
            } else {
                reply(exchange, check(false, method + " " + path));
            }
        }
    }

    private int check(boolean good, String problem) {
        if (!good) {
            wrong.add(problem);
        }
        return good ? 201 : 400;
    }

    private boolean complete(byte[] manifest) {
        return Pattern.compile("sha256:[0-9a-f]{64}")
                .matcher(new String(manifest, StandardCharsets.UTF_8))
                .results()
                .allMatch(r -> blobs.containsKey(r.group()));
    }

    private static void reply(HttpExchange exchange, int code) throws IOException {
        exchange.sendResponseHeaders(code, -1);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
