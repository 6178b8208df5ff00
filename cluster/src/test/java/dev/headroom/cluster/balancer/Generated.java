package dev.headroom.cluster.balancer;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Random;

/** Random but legal HTTP/1.1 exchanges. */
final class Generated {
    private Generated() {}

    /** Appends one exchange to both directions, and tells Netty's client codec which method is waiting for its answer. */
    static void exchange(
            Random random, StringBuilder requests, StringBuilder answers, EmbeddedChannel netty) {
        String method = new String[] {"GET", "POST", "HEAD", "PUT", "M-SEARCH"}[random.nextInt(5)];
        if (random.nextInt(8) == 0) {
            requests.append("\r\n");
        }
        requests.append(method)
                .append(" /p?q=")
                .append(random.nextInt(100))
                .append(" HTTP/1.1\r\n");
        fields(random, requests);
        if (method.startsWith("P")) {
            body(random, requests);
        } else {
            requests.append("\r\n");
        }
        netty.writeOutbound(
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), "/"));
        netty.releaseOutbound();
        while (random.nextInt(10) == 0) {
            answers.append("HTTP/1.1 102 Processing\r\nX: y\r\n\r\n");
        }
        int status = new int[] {200, 204, 304, 404, 500, 299, 302}[random.nextInt(7)];
        answers.append("HTTP/1.1 ").append(status).append(" Some reason\r\n");
        fields(random, answers);
        if (method.equals("HEAD") || status == 304) {
            answers.append("Content-Length: 1234\r\n\r\n");
        } else if (status == 204) {
            answers.append("\r\n");
        } else {
            body(random, answers);
        }
    }

    private static void fields(Random random, StringBuilder out) {
        String[] some = {
            "Content-Type: text/plain\r\n",
            "Cookie: content-length: 7\r\n",
            "Content-Lengthy: 9\r\n",
            "TE: trailers\r\n",
            "X-Transfer-Encoding: chunked\r\n",
            "Connection: keep-alive\r\n"
        };
        for (int n = random.nextInt(5); n > 0; n--) {
            out.append(some[random.nextInt(some.length)]);
        }
    }

    private static void body(Random random, StringBuilder out) {
        int size = random.nextInt(3) == 0 ? 0 : random.nextInt(700);
        if (random.nextBoolean()) {
            out.append(random.nextBoolean() ? "content-length:" : "Content-Length: \t");
            out.append(size).append(" \r\n\r\n");
            text(random, out, size);
            return;
        }
        out.append("Transfer-Encoding: ")
                .append(random.nextBoolean() ? "chunked" : "CHUNKED ")
                .append("\r\n\r\n");
        for (int left = size; left > 0; ) {
            int piece = Math.min(left, 1 + random.nextInt(200));
            out.append(
                    random.nextBoolean()
                            ? Integer.toHexString(piece)
                            : "0" + Integer.toHexString(piece).toUpperCase(java.util.Locale.ROOT));
            out.append(random.nextInt(4) == 0 ? ";ext=\"5\"\r\n" : "\r\n");
            text(random, out, piece);
            out.append("\r\n");
            left -= piece;
        }
        out.append("0\r\n");
        if (random.nextInt(4) == 0) {
            out.append("Trailer: value\r\n");
        }
        out.append("\r\n");
    }

    private static void text(Random random, StringBuilder out, int size) {
        String pattern = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
        for (int i = 0; i < size; i++) {
            out.append(pattern.charAt(random.nextInt(pattern.length())));
        }
    }
}
