package dev.headroom.lab.deploy;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Requests to an API server that may be in trouble: when one is sent again, how long a silence is waited out, and what is not believed while the server starts. Thread-safe. */
final class PatientApi {
    /** How long a request has where nothing else is said. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** An API server of somebody's own may be started anew, or moved to another machine, which takes it half a minute and more. */
    private static final Duration STARTED_ANEW = Duration.ofSeconds(60);

    /** For so long after it came back its answers about rights are not believed. */
    private static final Duration WARM = Duration.ofSeconds(10);

    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
    private static final Duration LEAST = Duration.ofMillis(100);

    private final HttpClient client;
    private final String server;
    private final boolean restarts;
    private volatile boolean answered;

    /** When the first connection was lost since the last answer; 0 where the last request was answered. */
    private volatile long silentSince;

    private volatile long broken = System.nanoTime() - Duration.ofDays(1).toNanos();

    /**
     * @param server its root, without a slash at the end
     * @param restarts whether it may come back after it went away
     */
    PatientApi(HttpClient client, String server, boolean restarts) {
        this.client = client;
        this.server = server;
        this.restarts = restarts;
    }

    /**
     * Sends as {@link Cluster#send} describes it.
     *
     * @throws ClusterGoneException where no answer came in time
     */
    ApiAnswer send(
            String method,
            String path,
            @Nullable String contentType,
            @Nullable String body,
            Duration patience)
            throws ClusterGoneException, InterruptedException {
        // One that never answered is more likely a wrong address than a server in trouble, and the
        // embedded cluster is this program's own: where it is gone, it does not come back.
        Duration silent = silence();
        boolean mayComeBack = answered && restarts && silent.compareTo(STARTED_ANEW) < 0;
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
                Duration asked = Retries.pause(response.code(), response.header("Retry-After"));
                Duration again =
                        asked == null && waits && isOfTrouble(response, path)
                                ? HALF_A_SECOND
                                : asked;
                if (again == null || again.compareTo(most.minus(gone)) >= 0) {
                    String text = response.body();
                    return new ApiAnswer(response.code(), text == null ? "" : text, asked);
                }
                pause = again;
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

    /** Whether an answer tells of the server's trouble, so that the same is to be asked again. */
    private boolean isOfTrouble(HttpResponse<String> response, String path) {
        boolean cold = System.nanoTime() - broken < WARM.toNanos();
        return Retries.isOfTheServer(response.code(), response.body(), path)
                || cold && Retries.isOfRights(response.code());
    }

    private static Duration time(Duration patience, Duration left) {
        Duration time = patience.compareTo(left) <= 0 ? patience : left;
        return time.compareTo(LEAST) >= 0 ? time : LEAST;
    }

    /**
     * One request, sent once.
     *
     * @throws ClusterGoneException where no answer came in time, with what happened as its cause
     */
    HttpResponse<String> attempt(
            String method,
            String path,
            @Nullable String contentType,
            @Nullable String body,
            Duration patience)
            throws ClusterGoneException, InterruptedException {
        HttpRequest.Builder request =
                client.newHttpRequestBuilder()
                        .uri(URI.create(server + path))
                        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (body != null) {
            request.method(method, contentType == null ? "application/json" : contentType, body);
        } else if (!method.equals("GET")) {
            request.method(method, "application/json", "");
        }
        var pending = client.sendAsync(request.build(), String.class);
        try {
            return pending.get(patience.toMillis() + 500, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            pending.cancel(true);
            throw gone(
                    server,
                    e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e);
        }
    }

    /** What is said of an API server that did not answer. */
    static ClusterGoneException gone(String server, Throwable cause) {
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
}
