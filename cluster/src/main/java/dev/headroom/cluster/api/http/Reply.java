package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.stream.Upgrade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a request is answered with. */
sealed interface Reply {
    int code();

    String contentType();

    /** Sentences for {@code Warning} headers. */
    List<String> warnings();

    /** A whole answer. */
    record Whole(int code, String contentType, byte[] body, List<String> warnings)
            implements Reply {}

    /**
     * An answer that is written as it comes to be.
     *
     * @param stop ends the writer's waiting once the client has gone
     */
    record Stream(int code, String contentType, Writer writer, Runnable stop) implements Reply {
        @Override
        public List<String> warnings() {
            return List.of();
        }
    }

    /** No answer but another protocol: from now on the connection carries streams. */
    record Upgraded(Upgrade upgrade) implements Reply {
        @Override
        public int code() {
            return 101;
        }

        @Override
        public String contentType() {
            return "";
        }

        @Override
        public List<String> warnings() {
            return List.of();
        }
    }

    /** Writes until it has no more, or the client has gone. */
    @FunctionalInterface
    interface Writer {
        void write(Sink sink) throws IOException, InterruptedException;
    }

    /** Where a stream goes. */
    interface Sink {
        /** Waits until it is taken; throws where the client has gone. */
        void write(byte[] bytes) throws IOException;
    }

    static Whole json(int code, JsonNode body) {
        return json(code, body, List.of());
    }

    static Whole json(int code, JsonNode body, List<String> warnings) {
        return new Whole(code, "application/json", Json.bytes(body), warnings);
    }

    static Whole text(int code, String text) {
        return new Whole(
                code,
                "text/plain; charset=utf-8",
                text.getBytes(StandardCharsets.UTF_8),
                List.of());
    }
}
