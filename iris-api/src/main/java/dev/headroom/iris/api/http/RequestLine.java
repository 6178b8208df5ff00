package dev.headroom.iris.api.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request's first line (RFC 9112, section 3): its method, the route of its target, what the query asks for, its version. */
final class RequestLine {
    /** No method that is known has so many letters. */
    private static final int MAX_METHOD = 64;

    private static final byte[] HTTP = Ascii.bytes("HTTP/");

    private final Router router;
    private final int maxTarget;
    private final boolean logging;
    private @Nullable Method method;
    private int route = -1;
    private int options;
    private boolean http10;
    private boolean wholeServer;
    private String methodText = "-";
    private String targetText = "-";

    /**
     * No line yet.
     *
     * @param maxTarget so many bytes a target may have
     * @param logging whether method and target are kept as text
     */
    RequestLine(Router router, int maxTarget, boolean logging) {
        this.router = router;
        this.maxTarget = maxTarget;
        this.logging = logging;
    }

    void reset() {
        method = null;
        route = -1;
        options = 0;
        http10 = false;
        wholeServer = false;
        if (logging) {
            methodText = "-";
            targetText = "-";
        }
    }

    /** Null where the method is none that is known. */
    @Nullable Method method() {
        return method;
    }

    /** Index of the route, or -1 where nothing is served at the path. */
    int route() {
        return route;
    }

    int options() {
        return options;
    }

    boolean http10() {
        return http10;
    }

    String methodText() {
        return methodText;
    }

    String targetText() {
        return targetText;
    }

    /** What the head alone decides, or null. */
    @Nullable Response early(Head head) {
        return router.early(method, route, wholeServer, head);
    }

    /** What is wrong with a line of which more is to come, or null: one that is already too long need not be awaited. */
    @Nullable Response unfinished(byte[] in, int from, int to) {
        int space = Ascii.indexOf(in, from, to, ' ');
        Response wrong = method(in, from, space < 0 ? to : space);
        if (wrong != null || space < 0) {
            return wrong;
        }
        int end = Ascii.indexOf(in, space + 1, to, ' ');
        if ((end < 0 ? to : end) - space - 1 > maxTarget) {
            return Refusals.URI_TOO_LONG;
        }
        // No version is so long.
        return end >= 0 && to - end > MAX_METHOD ? Refusals.BAD_REQUEST_LINE : null;
    }

    /** Reads a whole line (without its CRLF) and returns what is wrong with it, or null. */
    @Nullable Response read(byte[] in, int from, int end) {
        int space = Ascii.indexOf(in, from, end, ' ');
        Response wrong = method(in, from, space < 0 ? end : space);
        if (wrong != null) {
            return wrong;
        }
        if (space < 0) {
            return Refusals.BAD_REQUEST_LINE;
        }
        method = Method.of(in, from, space);
        int targetTo = Ascii.indexOf(in, space + 1, end, ' ');
        if ((targetTo < 0 ? end : targetTo) - space - 1 > maxTarget) {
            return Refusals.URI_TOO_LONG;
        }
        if (targetTo < 0) {
            return Refusals.BAD_REQUEST_LINE;
        }
        if (logging) {
            methodText = text(in, from, space);
            targetText = text(in, space + 1, targetTo);
        }
        wrong = version(in, targetTo + 1, end);
        return wrong == null ? target(in, space + 1, targetTo) : wrong;
    }

    private static @Nullable Response method(byte[] in, int from, int to) {
        if (to - from > MAX_METHOD && Ascii.isToken(in, from, from + MAX_METHOD + 1)) {
            return Refusals.UNKNOWN_METHOD;
        }
        return Ascii.isToken(in, from, to) ? null : Refusals.BAD_REQUEST_LINE;
    }

    private @Nullable Response target(byte[] in, int from, int to) {
        Target target = router.target();
        boolean connect = method == Method.CONNECT;
        if (!target.read(in, from, to, method == Method.OPTIONS, connect)) {
            return Refusals.BAD_REQUEST_LINE;
        }
        wholeServer = connect || target.wholeServer();
        if (!wholeServer) {
            route = router.find(target.pathBytes(), target.pathFrom(), target.pathTo());
            if (route >= 0) {
                options = router.at(route).handler().options(in, target.queryFrom(), to);
            }
        }
        return null;
    }

    /** {@code HTTP/1.x}; a later minor version is treated as 1.1 (RFC 9110, section 2.5). */
    private @Nullable Response version(byte[] in, int from, int end) {
        boolean wellFormed =
                end - from == 8
                        && Ascii.equal(HTTP, in, from, from + 5)
                        && Ascii.isDigit(in[from + 5])
                        && in[from + 6] == '.'
                        && Ascii.isDigit(in[from + 7]);
        if (!wellFormed) {
            return Refusals.BAD_REQUEST_LINE;
        }
        http10 = in[from + 7] == '0';
        return in[from + 5] == '1' ? null : Refusals.VERSION;
    }

    private static String text(byte[] in, int from, int to) {
        return new String(in, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
