package dev.headroom.iris.api;

import dev.headroom.iris.api.http.ServerLog;
import dev.headroom.iris.api.json.JsonText;
import dev.headroom.iris.api.model.DecisionTree;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the program says of itself, a line for each event: text for people, or JSON for machines. */
final class Log implements ServerLog {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final boolean access;

    /**
     * A log.
     *
     * @param out for what happens as it should
     * @param err for what fails
     */
    Log(PrintStream out, PrintStream err, boolean json, boolean access) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.access = access;
    }

    /** One line that says what is served where, and how. */
    void started(String address, String model, DecisionTree tree, Settings settings) {
        String classes = String.join(", ", tree.classNames());
        Map<String, Object> changed = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            String value = settings.text(setting);
            boolean said =
                    setting != Setting.HOST && setting != Setting.PORT && setting != Setting.MODEL;
            if (said) {
                changed.put(setting.name(), value);
            }
        }
        changed.put(Setting.MAX_CONNECTIONS.name(), String.valueOf(settings.maxConnections()));
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("address", address);
            line.put("model", model);
            line.put("model_version", tree.version());
            line.put("classes", classes);
            line.putAll(changed);
            out.println(json("info", "listening", line));
        } else {
            StringBuilder text = new StringBuilder("iris-api: listening on ").append(address);
            text.append(", model ").append(model).append(", version ").append(tree.version());
            text.append(", classes ").append(classes).append("; settings");
            append(text, changed);
            out.println(text);
        }
    }

    private static void append(StringBuilder text, Map<String, Object> fields) {
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            text.append(' ').append(field.getKey()).append('=').append(field.getValue());
        }
    }

    @Override
    public boolean access() {
        return access;
    }

    @Override
    public void answered(Access request) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("client", request.client());
            line.put("method", request.method());
            line.put("target", request.target());
            line.put("status", request.status());
            line.put("bytes", request.bytes());
            line.put("microseconds", request.nanos() / 1000);
            trace(request.traceparent(), line);
            out.println(json("info", "request", line));
        } else {
            Map<String, Object> line = new LinkedHashMap<>();
            trace(request.traceparent(), line);
            StringBuilder text = new StringBuilder("iris-api: ").append(request.client());
            text.append(' ').append(JsonText.quote(request.method() + " " + request.target()));
            text.append(' ').append(request.status()).append(' ').append(request.bytes());
            text.append(" B ").append(request.nanos() / 1000).append(" us");
            append(text, line);
            out.println(text);
        }
    }

    /** The parts of a traceparent (W3C Trace Context, section 3.2) that is well formed; another says nothing. */
    private static void trace(String traceparent, Map<String, Object> line) {
        boolean valid =
                traceparent.matches(
                                "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
                        && (traceparent.length() == 55 || !traceparent.startsWith("00"));
        if (valid) {
            line.put("trace_id", traceparent.substring(3, 35));
            line.put("parent_id", traceparent.substring(36, 52));
            line.put("trace_flags", traceparent.substring(53, 55));
        }
    }

    @Override
    public void failed(String doing, Throwable cause) {
        if (json) {
            err.println(json("error", doing + " failed", Map.of("cause", cause.toString())));
        } else {
            err.println("iris-api: " + doing + " failed: " + cause);
        }
    }

    void flush() {
        out.flush();
        err.flush();
    }

    private static String json(String level, String message, Map<String, Object> fields) {
        StringBuilder line = new StringBuilder("{\"time\":\"");
        line.append(Instant.now().truncatedTo(ChronoUnit.MILLIS)).append("\",\"level\":\"");
        line.append(level).append("\",\"message\":").append(JsonText.quote(message));
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            line.append(",\"").append(field.getKey()).append("\":");
            Object value = field.getValue();
            line.append(value instanceof Number ? value : JsonText.quote(value.toString()));
        }
        return line.append('}').toString();
    }
}
