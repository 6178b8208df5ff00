package dev.headroom.lab.load.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where answers end, by RFC 9112, wherever the network cuts them. */
class ResponseParserTest {
    private static final String NEXT = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    /** Answers, what is to be found of each: status, whether the connection stays, the body. */
    static Stream<Arguments> whole() {
        return Stream.of(
                of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 true hello"),
                of("HTTP/1.1 200 OK\ncontent-length:5\n\nhello", "200 true hello"),
                of("HTTP/1.1 200\r\nCONTENT-LENGTH: \t5 \r\n\r\nhello", "200 true hello"),
                of("HTTP/1.1 204 No Content\r\n\r\n", "204 true "),
                of("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", "304 true "),
                of(
                        "HTTP/1.1 503 No\r\nConnection: Close\r\nContent-Length: 1\r\n\r\nx",
                        "503 false x"),
                of(
                        "HTTP/1.1 200 OK\r\nConnection: foo, close\r\nContent-Length: 0\r\n\r\n",
                        "200 false "),
                of("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 false ok"),
                of(
                        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
                        "200 true ok"),
                of(
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                        "200 true ok"),
                of(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n"
                                + "6;name=\"v\"\r\npedia \r\nA\r\n0123456789\r\n0\r\n\r\n",
                        "200 true Wikipedia 0123456789"),
                of(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n000\r\n"
                                + "Expires: never\r\nEtag: y\r\n\r\n",
                        "200 true x"),
                of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "1\r\nx\r\n0\r\n\r\n",
                        "200 true x"));
    }

    private static Arguments of(String text, String found) {
        return Arguments.of(text, found);
    }

    @ParameterizedTest
    @MethodSource("whole")
    void whereverItIsCut(String text, String found) throws Exception {
        byte[] bytes = (text + NEXT).getBytes(StandardCharsets.ISO_8859_1);
        for (int piece = 1; piece <= bytes.length; piece++) {
            List<String> seen = new ArrayList<>();
            ResponseParser parser = new ResponseParser(true);
            for (int from = 0; from < bytes.length; from += piece) {
                feed(parser, bytes, from, Math.min(bytes.length, from + piece), seen);
            }
            assertThat(seen).as("in pieces of %d", piece).containsExactly(found, "200 true ");
            assertThat(parser.isFresh()).isTrue();
        }
    }

    private static void feed(
            ResponseParser parser, byte[] bytes, int from, int to, List<String> seen)
            throws Exception {
        for (int at = from; at < to; ) {
            at = parser.take(bytes, at, to, false);
            if (parser.isDone()) {
                String body = new String(parser.body(), StandardCharsets.ISO_8859_1);
                seen.add(parser.status() + " " + parser.keepAlive() + " " + body);
                parser.next();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("whole")
    void anAnswerToHeadHasNoBody(String text, String found) throws Exception {
        String last = text.substring(text.lastIndexOf("HTTP/1."));
        int head = Math.max(last.indexOf("\r\n\r\n") + 4, last.indexOf("\n\n") + 2);
        byte[] bytes = last.substring(0, head).getBytes(StandardCharsets.ISO_8859_1);
        ResponseParser parser = new ResponseParser(true);
        assertThat(parser.take(bytes, 0, bytes.length, true)).isEqualTo(bytes.length);
        assertThat(parser.isDone()).isTrue();
        assertThat(parser.status() + " " + parser.keepAlive())
                .isEqualTo(found.replaceFirst("(\\S+ \\S+) .*", "$1"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsNoAnswer(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> new ResponseParser(false).take(bytes, 0, bytes.length, false))
                .isInstanceOf(ResponseParser.Malformed.class);
    }

    static Stream<String> malformed() {
        return Stream.of(
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theStreamsEnd(String text, boolean endsAnAnswer) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        ResponseParser parser = new ResponseParser(true);
        parser.take(bytes, 0, bytes.length, false);
        assertThat(parser.end()).isEqualTo(endsAnAnswer);
        if (endsAnAnswer) {
            assertThat(parser.body()).asString().isEqualTo("all there is");
            assertThat(parser.keepAlive()).isFalse();
        }
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of("", false),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Le", false),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", false),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", false),
                Arguments.of("HTTP/1.1 200 OK\r\n\r\nall there is", true),
                Arguments.of("HTTP/1.0 200 OK\r\nServer: x\r\n\r\nall there is", true));
    }
}
