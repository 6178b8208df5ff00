package dev.headroom.iris.api.http;

import dev.headroom.iris.api.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param body is kept as it is, not copied
     * @param fields further field lines, as {@code Allow: GET}
     */
    public static Response of(Status status, String contentType, byte[] body, List<String> fields) {
        StringBuilder head = statusLine(status);
        head.append("\r\nContent-Type: ").append(contentType);
        head.append("\r\nContent-Length: ").append(body.length);
        return new Response(status, finish(head, fields), body);
    }

    public static Response of(Status status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8), List.of());
    }

    public static Response json(Status status, String body) {
        return of(status, "application/json", body);
    }

    /** An answer that never has a body, and so no length either (RFC 9110, section 8.6). */
    static Response noContent(String... fields) {
        byte[] head = finish(statusLine(Status.NO_CONTENT), List.of(fields));
        return new Response(Status.NO_CONTENT, head, Buffers.NOTHING);
    }

    /**
     * An error as problem details (RFC 9457). Of the type {@code about:blank}: the status says what kind it is.
     *
     * @param detail what was found and what is accepted
     * @param fields further field lines
     */
    public static Response problem(Status status, String detail, String... fields) {
        return problem(status, detail, null, List.of(fields));
    }

    /**
     * An error in a body.
     *
     * @param pointer a JSON pointer (RFC 6901) to what is wrong
     */
    public static Response problemAt(Status status, String pointer, String detail) {
        return problem(status, detail, pointer, List.of());
    }

    private static Response problem(
            Status status, String detail, @Nullable String pointer, List<String> fields) {
        StringBuilder body = new StringBuilder("{\"type\":\"about:blank\",\"title\":");
        body.append(JsonText.quote(status.reason())).append(",\"status\":").append(status.code());
        body.append(",\"detail\":").append(JsonText.quote(detail));
        if (pointer != null) {
            body.append(",\"pointer\":").append(JsonText.quote(pointer));
        }
        byte[] bytes = body.append('}').toString().getBytes(StandardCharsets.UTF_8);
        return of(status, "application/problem+json", bytes, fields);
    }

    private static StringBuilder statusLine(Status status) {
        return new StringBuilder("HTTP/1.1 ")
                .append(status.code())
                .append(' ')
                .append(status.reason());
    }

    private static byte[] finish(StringBuilder head, List<String> fields) {
        for (String field : fields) {
            head.append("\r\n").append(field);
        }
        return Ascii.bytes(head.append("\r\nDate: ").toString());
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
