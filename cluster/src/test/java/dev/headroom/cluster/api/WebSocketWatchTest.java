package dev.headroom.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A watch over WebSocket, by the JDK's own client. */
class WebSocketWatchTest {
    private static final String CLOSED = "closed with ";

    @TempDir Path directory;
    private ApiServer server;
    private Objects objects;
    private HttpClient client;
    private String address = "";
    private String token = "";

    @BeforeEach
    void start() throws Exception {
        server = Servers.start(directory);
        objects = server.client("test");
        String kubeconfig = Files.readString(directory.resolve("kubeconfig"));
        address = entry(kubeconfig, "server").replace("https:", "wss:");
        token = entry(kubeconfig, "token");
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "cluster",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        Base64.getDecoder()
                                                .decode(
                                                        entry(
                                                                kubeconfig,
                                                                "certificate-authority-data")))));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        client = HttpClient.newBuilder().sslContext(tls).build();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
    }

    private static String entry(String kubeconfig, String key) {
        Matcher found = Pattern.compile("(?m)^ *" + key + ": (.*)$").matcher(kubeconfig);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** What a client gets to read, a message or the end each. */
    private static final class Messages implements WebSocket.Listener {
        private final BlockingQueue<String> all = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                all.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            all.add(CLOSED + code);
            return null;
        }

        String next() throws InterruptedException {
            String next = all.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("a message within 30 s").isNotNull();
            return java.util.Objects.requireNonNull(next);
        }

        JsonNode event() throws InterruptedException {
            return Json.MAPPER.readTree(next());
        }
    }

    private WebSocket.Builder builder() {
        return client.newWebSocketBuilder().header("Origin", "https://headroom.dev");
    }

    private WebSocket.Builder withToken() {
        return builder().header("Authorization", "Bearer " + token);
    }

    private WebSocket open(WebSocket.Builder builder, String query, Messages messages) {
        URI uri = URI.create(address + "/api/v1/namespaces/default/configmaps?watch=true" + query);
        return builder.buildAsync(uri, messages).join();
    }

    private void create(String name) {
        objects.create(
                ResourceType.CONFIG_MAP,
                "default",
                LocalObjectsTest.json("{'metadata':{'name':'" + name + "'},'data':{'a':'b'}}"));
    }

    @Test
    void everyChangeIsAMessageOfText() throws InterruptedException {
        create("before");
        Messages messages = new Messages();
        WebSocket socket = open(withToken(), "", messages);
        JsonNode first = messages.event();
        assertThat(first.at("/type").asString()).isEqualTo("ADDED");
        assertThat(first.at("/object/kind").asString()).isEqualTo("ConfigMap");
        create("after");
        assertThat(messages.event().at("/object/metadata/name").asString()).isEqualTo("after");
        socket.sendPing(java.nio.ByteBuffer.allocate(1)).join();
        socket.sendText("nobody listens", true).join();
        create("then");
        assertThat(messages.event().at("/object/metadata/name").asString()).isEqualTo("then");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(messages.next()).isEqualTo(CLOSED + 1000);
    }

    @Test
    void endsWhenItsTimeIsOver() throws InterruptedException {
        Messages messages = new Messages();
        open(withToken(), "&timeoutSeconds=1&resourceVersion=0", messages);
        assertThat(messages.next()).isEqualTo(CLOSED + 1000);
    }

    @Test
    void speaksTheOneProtocolThatIsNamed() throws InterruptedException {
        Messages messages = new Messages();
        WebSocket socket = open(withToken().subprotocols("anything.example"), "", messages);
        assertThat(socket.getSubprotocol()).isEqualTo("anything.example");
        socket.abort();
    }

    /** As browsers do, which can set no header. */
    @Test
    void aTokenMayBeAProtocol() {
        String encoded =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(token.getBytes(StandardCharsets.UTF_8));
        String carrying = "base64url.bearer.authorization.k8s.io." + encoded;
        WebSocket socket =
                open(builder().subprotocols("base64.binary.k8s.io", carrying), "", new Messages());
        assertThat(socket.getSubprotocol()).isEqualTo("base64.binary.k8s.io");
        socket.abort();
        refused(builder().subprotocols(carrying), 401);
        refused(builder().subprotocols("base64.binary.k8s.io", carrying + "x"), 401);
    }

    @Test
    void whatUpstreamRefusesIsRefused() {
        refused(builder(), 401);
        refused(withToken().subprotocols("one", "two"), 400);
        refused(client.newWebSocketBuilder().header("Authorization", "Bearer " + token), 403);
    }

    private void refused(WebSocket.Builder builder, int code) {
        assertThatThrownBy(() -> open(builder, "", new Messages()))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(code));
    }
}
