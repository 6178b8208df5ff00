package dev.headroom.lab.cli;

import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import dev.headroom.lab.run.StageException;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Sends {@code 6-otlp.json} to a collector by OTLP/HTTP, as OpenTelemetry's environment variables say. Answers that the protocol calls retryable are tried again, with the
 * pause that the collector asks for.
 *
 * @param endpoint with its path, {@code …/v1/metrics}
 * @param timeout for each attempt, and for a pause at most
 */
record OtlpPush(URI endpoint, Map<String, String> headers, Duration timeout) {
    private static final int ATTEMPTS = 4;
    private static final Set<Integer> RETRYABLE = Set.of(429, 502, 503, 504);
    private static final String VARIABLE = "OTEL_EXPORTER_OTLP_";

    /** Null where no endpoint is set. */
    static @Nullable OtlpPush of(Map<String, String> environment) throws Usage.WrongUsage {
        String own = environment.getOrDefault(VARIABLE + "METRICS_ENDPOINT", "").strip();
        String common = environment.getOrDefault(VARIABLE + "ENDPOINT", "").strip();
        if (own.isEmpty() && common.isEmpty()) {
            return null;
        }
        String protocol = value(environment, "PROTOCOL", "http/json");
        if (!protocol.startsWith("http/")) {
            throw new Usage.WrongUsage(
                    VARIABLE
                            + "PROTOCOL: found \""
                            + protocol
                            + "\"; headroom sends http/json only: name a collector's port for OTLP/HTTP (4318 mostly)");
        }
        String url = own.isEmpty() ? common.replaceFirst("/+$", "") + "/v1/metrics" : own;
        return new OtlpPush(uri(url), headers(environment), timeout(environment));
    }

    /** That of metrics where it is set, else the common one. */
    private static String value(Map<String, String> environment, String name, String otherwise) {
        String common = environment.getOrDefault(VARIABLE + name, otherwise);
        return environment.getOrDefault(VARIABLE + "METRICS_" + name, common).strip();
    }

    private static URI uri(String url) throws Usage.WrongUsage {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException notOne) {
            // Said below.
        }
        throw new Usage.WrongUsage(
                VARIABLE
                        + "ENDPOINT: found \""
                        + url
                        + "\"; it takes a URL such as http://localhost:4318");
    }

    /** {@code KEY=VALUE} with commas between, values percent-encoded. */
    private static Map<String, String> headers(Map<String, String> environment)
            throws Usage.WrongUsage {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String pair : value(environment, "HEADERS", "").split(",")) {
            int equals = pair.indexOf('=');
            if (pair.isBlank()) {
                continue;
            }
            if (equals <= 0) {
                // Not the text itself: it may be a secret.
                throw new Usage.WrongUsage(
                        VARIABLE + "HEADERS: it takes KEY=VALUE, with commas between");
            }
            headers.put(
                    pair.substring(0, equals).strip(),
                    URLDecoder.decode(
                            pair.substring(equals + 1).strip().replace("+", "%2B"),
                            StandardCharsets.UTF_8));
        }
        return headers;
    }

    private static Duration timeout(Map<String, String> environment) throws Usage.WrongUsage {
        String millis = value(environment, "TIMEOUT", "10000");
        if (!millis.matches("[1-9][0-9]{0,8}")) {
            throw new Usage.WrongUsage(
                    VARIABLE + "TIMEOUT: found \"" + millis + "\"; it takes milliseconds");
        }
        return Duration.ofMillis(Long.parseLong(millis));
    }

    /**
     * Sends it.
     *
     * @return what the collector did not take, in its words; null where it took all
     */
    @Nullable String send(RunDirectory directory) throws StageException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(endpoint)
                            .timeout(timeout)
                            .POST(HttpRequest.BodyPublishers.ofFile(directory.path(RunFile.OTLP)));
            headers.forEach(request::header);
            request.setHeader("Content-Type", "application/json");
            return rejected(answer(client, request.build()));
        } catch (IOException e) {
            String words = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw failed(words, e);
        } catch (IllegalArgumentException e) {
            throw failed("a header can't be sent: " + e.getMessage(), e);
        }
    }

    private String answer(HttpClient client, HttpRequest request)
            throws IOException, StageException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            int status = response.statusCode();
            if (status >= 200 && status < 300) {
                return response.body();
            }
            if (attempt == ATTEMPTS || !RETRYABLE.contains(status)) {
                throw failed("HTTP " + status + ": " + response.body().strip(), null);
            }
            Thread.sleep(pause(response, attempt));
        }
    }

    private Duration pause(HttpResponse<String> response, int attempt) {
        Duration own = Duration.ofMillis(250L << attempt);
        String asked = response.headers().firstValue("Retry-After").orElse("");
        Duration pause =
                asked.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(asked)) : own;
        return pause.compareTo(timeout) < 0 ? pause : timeout;
    }

    private StageException failed(String why, @Nullable Throwable cause) {
        return new StageException(
                "report",
                "the figures could not be sent to "
                        + endpoint
                        + ": "
                        + why
                        + "; they are in "
                        + RunFile.OTLP.fileName()
                        + ", and `headroom report --output otlp RUN_DIR` sends them again",
                cause);
    }

    private static @Nullable String rejected(String body) {
        try {
            var partial = Json.mapper().readTree(body).path("partialSuccess");
            // 64-bit numbers are text in this encoding.
            String points = partial.path("rejectedDataPoints").asString("0");
            return points.equals("0")
                    ? null
                    : points
                            + " figures were rejected: "
                            + partial.path("errorMessage").asString("");
        } catch (JacksonException notJson) {
            // A status of success says that it was taken.
            return null;
        }
    }
}
