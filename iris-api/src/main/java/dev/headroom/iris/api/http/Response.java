package dev.headroom.iris.api.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer, rendered but for its date and what is said of the connection. Immutable: what is answered often is made once.
 */
public final class Response {
    private final Status status;
    private final byte[] head;
    private final byte[] body;

    private Response(Status status, byte[] head, byte[] body) {
        this.status = status;
        this.head = head;
        this.body = body;
    }

    /**
     * An answer with a body.
     *
     * @param fields further field lines, as {@code Allow: GET}
     */
    public static Response of(Status status, String contentType, String body, List<String> fields) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ")
                        .append(status.code())
                        .append(' ')
                        .append(status.reason());
        head.append("\r\nContent-Type: ").append(contentType);
        head.append("\r\nContent-Length: ").append(bytes.length);
        for (String field : fields) {
            head.append("\r\n").append(field);
        }
        return new Response(status, Ascii.bytes(head.append("\r\nDate: ").toString()), bytes);
    }

    public static Response json(Status status, String body) {
        return of(status, "application/json", body, List.of());
    }

    /** An error's JSON body. The text is put into it as it is: it must not need escaping. */
    static Response error(Status status, String text, String... fields) {
        return of(status, "application/json", "{\"error\":\"" + text + "\"}", List.of(fields));
    }

    Status status() {
        return status;
    }

    /** From the status line to where the date's value goes. */
    byte[] head() {
        return head;
    }

    byte[] body() {
        return body;
    }
}
