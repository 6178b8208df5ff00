package dev.headroom.cluster.api.stream;

import dev.headroom.cluster.api.base.Statuses;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What a client offers to speak in place of HTTP.
 *
 * @param webSocket else SPDY/3.1
 * @param protocols what it can speak over that, what it likes best first
 */
record Offer(boolean webSocket, List<String> protocols) {
    static final String SPDY = "SPDY/3.1";
    static final String SPDY_PROTOCOL = "X-Stream-Protocol-Version";

    /**
     * Reads a request.
     *
     * @param head a header's value by its name, empty where there is none
     */
    static Offer of(UnaryOperator<String> head) {
        if (isWebSocket(head)) {
            if (!head.apply("Sec-WebSocket-Version").equals("13")
                    || head.apply("Sec-WebSocket-Key").isEmpty()) {
                throw Statuses.badRequest(
                        "the WebSocket handshake lacks its key, or is not of version 13");
            }
            return new Offer(true, list(head.apply("Sec-WebSocket-Protocol")));
        }
        if (asks(head, SPDY)) {
            return new Offer(false, list(head.apply(SPDY_PROTOCOL)));
        }
        throw Statuses.badRequest("Upgrade request required");
    }

    static boolean isWebSocket(UnaryOperator<String> head) {
        return asks(head, "websocket");
    }

    private static boolean asks(UnaryOperator<String> head, String protocol) {
        return head.apply("Upgrade").equalsIgnoreCase(protocol)
                && head.apply("Connection").toLowerCase(Locale.ROOT).contains("upgrade");
    }

    private static List<String> list(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(protocol -> !protocol.isEmpty())
                .toList();
    }

    /** The first of the client's that is accepted. */
    String choose(List<String> accepted) {
        return protocols.stream()
                .filter(accepted::contains)
                .findFirst()
                .orElseThrow(() ->
                        Statuses.badRequest(
                                "unable to upgrade: unable to negotiate protocol: client supports "
                                        + bracketed(protocols)
                                        + ", server accepts "
                                        + bracketed(accepted)));
    }

    private static String bracketed(List<String> protocols) {
        return "[" + String.join(" ", protocols) + "]";
    }
}
