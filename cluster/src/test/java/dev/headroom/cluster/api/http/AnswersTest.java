package dev.headroom.cluster.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.kind.Addresses;
import dev.headroom.cluster.api.kind.Kinds;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.registry.Subresources;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.store.Store;
import dev.headroom.cluster.objects.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What requests get that are wrong in some way, against what a real Kubernetes 1.34 answered to them; {@code record-answers} wrote that down. */
class AnswersTest {
    private static final String UID = "%UID%";
    private static final String VERSION = "%VERSION%";

    @TempDir static Path folder = Path.of("");
    private static Router router;
    private static String token = "";
    private static String uid = "";
    private static String version = "";

    /**
     * A request with what is answered to it.
     *
     * @param line method, path and content type
     */
    record Exchange(String name, String line, String body, String answer) {
        static Exchange of(String block) {
            String[] halves = block.split("(?m)^--- answer\n", -1);
            String[] lines = halves[0].split("\n", 3);
            return new Exchange(
                    lines[0],
                    lines[1],
                    lines[2].stripTrailing(),
                    halves.length > 1 ? halves[1].stripTrailing() : "");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Exchange> recorded(boolean setup) {
        try (InputStream file = AnswersTest.class.getResourceAsStream("/answers.txt")) {
            String text =
                    new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return Pattern.compile("(?m)^=== ")
                    .splitAsStream(text)
                    .skip(1)
                    .map(Exchange::of)
                    .filter(exchange -> exchange.name().startsWith("setup") == setup)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<Exchange> requests() {
        return recorded(false);
    }

    @BeforeAll
    static void setUp() throws IOException {
        Credentials credentials = Credentials.make(InetAddress.getLoopbackAddress());
        Path kubeconfig = folder.resolve("kubeconfig");
        credentials.writeKubeconfig(
                kubeconfig, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), "test");
        Matcher found = Pattern.compile("token: (\\S+)").matcher(Files.readString(kubeconfig));
        assertThat(found.find()).isTrue();
        token = found.group(1);
        Kinds kinds = new Kinds(new Addresses(n -> "127.9.0." + n, 100));
        Registry registry = new Registry(new Store(), new Schemas(), InstantSource.system());
        Subresources subresources = new Subresources(registry, kinds, InstantSource.system());
        router = new Router(credentials, registry, subresources, kinds, Map.of(), n -> null, "");
        for (Exchange exchange : recorded(true)) {
            Reply.Whole made = (Reply.Whole) router.answer(request(exchange));
            assertThat(made.code()).isEqualTo(201);
            if (exchange.line().contains("/leases")) {
                JsonNode metadata = Json.MAPPER.readTree(made.body()).path("metadata");
                uid = Json.text(metadata, "uid");
                version = Json.text(metadata, "resourceVersion");
            }
        }
    }

    private static Request request(Exchange exchange) {
        String[] line = exchange.line().split(" ");
        Map<String, String> headers =
                Map.of(
                        "Content-Type",
                        line.length > 2 ? line[2] : "",
                        "Authorization",
                        "Bearer " + token);
        String body = exchange.body().replace(UID, uid).replace(VERSION, version);
        return Request.of(line[0], line[1], headers::get, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void answersAsKubernetesDoes(Exchange exchange) {
        assertThat(normal(answer(request(exchange)))).isEqualTo(exchange.answer());
    }

    private static String answer(Request request) {
        try {
            return said(router.answer(request));
        } catch (ApiException refused) {
            return String.join("\n", said(refused.code(), List.of(), refused.status()));
        }
    }

    private static String said(Reply reply) {
        List<String> warnings =
                reply.warnings().stream()
                        .map(w -> w.replace("\\", "\\\\").replace("\"", "\\\""))
                        .toList();
        if (!(reply instanceof Reply.Whole whole)) {
            return Integer.toString(reply.code());
        }
        try {
            JsonNode body = Json.MAPPER.readTree(whole.body());
            return String.join("\n", said(whole.code(), warnings, (ObjectNode) body));
        } catch (JacksonException text) {
            return whole.code() + "\n" + new String(whole.body(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> said(int code, List<String> warnings, ObjectNode body) {
        boolean status = Json.text(body, "kind").equals("Status");
        List<String> lines = new ArrayList<>();
        String reason = status ? Json.text(body, "reason") : "";
        lines.add(reason.isEmpty() ? Integer.toString(code) : code + " " + reason);
        warnings.forEach(warning -> lines.add("Warning: " + warning));
        if (status && body.has("message")) {
            lines.add(Json.text(body, "message"));
        }
        if (status && body.path("details") instanceof ObjectNode details) {
            for (ObjectNode cause : Json.objects(details.path("causes"))) {
                if (Json.text(body, "message").contains(Json.text(cause, "message"))) {
                    cause.put("message", "~");
                }
            }
            lines.add(details.toString());
        }
        return lines;
    }

    /** Without what differs between any two clusters. */
    private static String normal(String text) {
        return text.replaceAll("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", UID)
                .replaceAll(
                        "(resourceVersion\\\\?\":\\\\?\"|record \\(|current: )\\d+", "$1" + VERSION)
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "%TIME%")
                .stripTrailing();
    }
}
