package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.stream.TextMessages;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** What a request brings to show who it is of. */
final class Identity {
    private Identity() {}

    /** Its Authorization header; else, as browsers can set none, the token among the protocols that a WebSocket is to speak; empty for neither. */
    static String of(Request request) {
        String header = request.head("Authorization");
        if (!header.isEmpty() || !request.head("Upgrade").equalsIgnoreCase("websocket")) {
            return header;
        }
        List<String> protocols =
                Arrays.stream(request.head("Sec-WebSocket-Protocol").split(","))
                        .map(String::strip)
                        .toList();
        List<String> tokens =
                protocols.stream().filter(p -> p.startsWith(TextMessages.TOKEN)).toList();
        // As upstream: one token, beside a protocol that the server can answer with.
        if (tokens.size() != 1 || protocols.size() == 1) {
            return "";
        }
        try {
            byte[] token =
                    Base64.getUrlDecoder()
                            .decode(tokens.getFirst().substring(TextMessages.TOKEN.length()));
            return "Bearer " + new String(token, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noBase64) {
            return "";
        }
    }
}
