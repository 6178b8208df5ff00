package dev.headroom.iris.api;

import dev.headroom.iris.api.http.HttpServer;
import dev.headroom.iris.api.http.HttpSettings;
import dev.headroom.iris.api.http.Wire;
import dev.headroom.iris.api.model.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The Iris API in this JVM, set up by settings as the program is; what it logs is kept. */
final class Service implements AutoCloseable {
    static final String SETOSA =
            "{\"sepal_length\":5.1,\"sepal_width\":3.5,\"petal_length\":1.4,\"petal_width\":0.2}";
    static final String VERSICOLOR =
            "{\"sepal_length\":5.9,\"sepal_width\":3.0,\"petal_length\":4.2,\"petal_width\":1.5}";

    final HttpServer http;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /**
     * Starts on a free port.
     *
     * @param settings by their names in the environment, where they differ from what is usual
     */
    Service(Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("PORT", "0");
        all.putIfAbsent("SHUTDOWN_DELAY", "0");
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        try {
            Settings read = new Settings(Map.of(), all);
            Log log = new Log(out, out, read.json(), read.accessLog());
            HttpSettings how = read.http(log);
            http = HttpServer.start(how, new IrisService(ModelFile.load(""), read.maxRows()));
        } catch (SettingsException | ModelException e) {
            throw new IllegalArgumentException(e);
        }
    }

    Wire connect() throws IOException {
        return new Wire(http.address());
    }

    String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    static String post(String body) {
        return post("/predict", body);
    }

    /** The body is sent byte for byte: characters up to U+00FF, one each. */
    static String post(String target, String body) {
        return "POST "
                + target
                + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @Override
    public void close() {
        http.drain();
        try {
            http.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
