package dev.headroom.iris.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.http.Wire.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9112 in bytes: what is sent, which statuses come back, and whether the connection stays; each whole and byte by byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpMessageTest {
    private TestServer server;

    @BeforeAll
    void start() throws IOException {
        server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /**
     * One exchange.
     *
     * @param stays whether a further request on the connection is answered
     */
    record Case(String name, String sent, boolean stays, List<Integer> statuses) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case stays(String name, String sent, Integer... statuses) {
        return new Case(name, sent, true, List.of(statuses));
    }

    private static Case closes(String name, String sent, Integer... statuses) {
        return new Case(name, sent, false, List.of(statuses));
    }

    private static String post(String fields, String body) {
        return "POST /echo HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
    }

    private static String get(String fields) {
        return "GET /ok HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }

    private static String chunked(String body) {
        return post("Transfer-Encoding: chunked\r\n", body);
    }

    static Stream<Case> requests() {
        return Stream.of(
                stays("a GET", get(""), 200),
                stays("empty lines before it", "\r\n\r\n" + get(""), 200),
                stays("absolute-form", "GET http://b/ok?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", 200),
                stays("a query", "GET /ok?a=b HTTP/1.1\r\nHost: a\r\n\r\n", 200),
                stays("HTTP/1.2 is treated as 1.1", "GET /ok HTTP/1.2\r\nHost: a\r\n\r\n", 200),
                stays("an empty Host", "GET /ok HTTP/1.1\r\nHost:\r\n\r\n", 200),
                stays("Host with a port", "GET /ok HTTP/1.1\r\nHost: a.b:80\r\n\r\n", 200),
                stays("Host of IPv6", "GET /ok HTTP/1.1\r\nhOST:\t[::1]:80 \r\n\r\n", 200),
                stays("obs-text in a value", get("X: \u00e4\u00ff\r\n"), 200),
                stays("an empty value", get("X:\r\nY: \t \r\n"), 200),
                stays("another path", "GET /no HTTP/1.1\r\nHost: a\r\n\r\n", 404),
                stays(
                        "another path's body is read past",
                        "POST /no HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
                        404),
                stays("another method", "DELETE /ok HTTP/1.1\r\nHost: a\r\n\r\n", 405),
                stays("an unknown method", "BREW /ok HTTP/1.1\r\nHost: a\r\n\r\n", 501),
                stays("methods are case-sensitive", "get /ok HTTP/1.1\r\nHost: a\r\n\r\n", 501),
                stays("a handler that fails", "GET /fails HTTP/1.1\r\nHost: a\r\n\r\n", 500),
                stays("a GET's body is read past", get("Content-Length: 3\r\n") + "abc", 200),
                stays("a body like a request", post("Content-Length: 29\r\n", TestServer.OK), 200),
                stays(
                        "pipelined",
                        get("") + post("Content-Length: 1\r\n", "x") + get(""),
                        200,
                        200,
                        200),
                stays("chunked", chunked("3\r\nabc\r\n0\r\n\r\n") + get(""), 200, 200),
                stays("chunk extensions", chunked("3;a=b;c=\"d;e\"\r\nabc\r\n0 ; x\r\n\r\n"), 200),
                stays("trailers", chunked("1\r\na\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n"), 200),
                stays(
                        "hex in both cases, leading zeros",
                        chunked("00A\r\n0123456789\r\n0a\r\n0123456789\r\n000\r\n\r\n"),
                        200),
                stays("CHUNKED", post("transfer-ENCODING: ChunKed\r\n", "0\r\n\r\n"), 200),
                stays(
                        "an empty list element",
                        post("Transfer-Encoding: , chunked ,\r\n", "0\r\n\r\n"),
                        200),
                stays("Connection: keep-alive in 1.1", get("Connection: keep-alive\r\n"), 200),
                stays(
                        "1.0 that asks to stay",
                        "GET /ok HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
                        200),
                stays(
                        "a body of the largest size",
                        post("Content-Length: 16384\r\n", "x".repeat(16384)),
                        200),
                stays(
                        "chunks of the largest size",
                        chunked("4000\r\n" + "x".repeat(16384) + "\r\n0\r\n\r\n"),
                        200),
                closes("Connection: close", get("Connection: close\r\n"), 200),
                closes("close among others", get("Connection: foo ,\tCLOSE\r\n"), 200),
                closes("nothing after close", get("Connection: close\r\n") + get(""), 200),
                closes("1.0", "GET /ok HTTP/1.0\r\n\r\n", 200),
                closes(
                        "1.0 with a body",
                        "POST /echo HTTP/1.0\r\nContent-Length: 1\r\n\r\nx",
                        200));
    }

    static Stream<Case> refused() {
        return Stream.of(
                closes("a second request that is wrong", get("") + "GARBAGE\r\n\r\n", 200, 400),
                closes("no Host", "GET /ok HTTP/1.1\r\n\r\n", 400),
                closes("two Hosts", get("Host: a\r\n"), 400),
                closes("two Hosts in 1.0", "GET /ok HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400),
                closes("an impossible Host", "GET /ok HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
                closes(
                        "Host with a port that is none",
                        "GET /ok HTTP/1.1\r\nHost: a:b\r\n\r\n",
                        400),
                closes("obs-fold", get("X: a\r\n b\r\n"), 400),
                closes("a space before the colon", get("X : a\r\n"), 400),
                closes("no colon", get("nonsense\r\n"), 400),
                closes("an empty name", get(": a\r\n"), 400),
                closes("a name that is no token", get("X(: a\r\n"), 400),
                closes("bare LF", "GET /ok HTTP/1.1\nHost: a\n\n", 400),
                closes("bare LF in the fields", get("X: a\nY: b\r\n"), 400),
                closes("bare CR", get("X: a\rY: b\r\n"), 400),
                closes("NUL in a value", get("X: a\0b\r\n"), 400),
                closes("DEL in a value", get("X: a\u007fb\r\n"), 400),
                closes("two spaces", "GET  /ok HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                closes("a tab", "GET\t/ok HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                closes("a space at the line's end", "GET /ok HTTP/1.1 \r\nHost: a\r\n\r\n", 400),
                closes("HTTP/0.9", "GET /ok\r\n", 400),
                closes("no version", "GET /ok HTTP/x.y\r\nHost: a\r\n\r\n", 400),
                closes("http in lower case", "GET /ok http/1.1\r\nHost: a\r\n\r\n", 400),
                closes("HTTP/2.0", "GET /ok HTTP/2.0\r\nHost: a\r\n\r\n", 505),
                closes("a target of no form", "GET ok HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                closes("a target with a control", "GET /o\u0001k HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                closes("a target beyond ASCII", "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                closes("a method that is no token", "G(T /ok HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                closes(
                        "a long target",
                        "GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                        414),
                closes("long fields", get("X: " + "a".repeat(17000) + "\r\n"), 431),
                closes("many fields", get("X: a\r\n".repeat(2000)), 431),
                closes(
                        "an unknown expectation",
                        post("Expect: 200-ok\r\nContent-Length: 1\r\n", "x"),
                        417));
    }

    static Stream<Case> smuggling() {
        String twoLengths = "Content-Length: 1\r\nContent-Length: 1\r\n";
        return Stream.of(
                closes(
                        "both lengths",
                        post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                        400),
                closes(
                        "both, the other way",
                        post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
                        400),
                closes("Content-Length twice", post(twoLengths, "x"), 400),
                closes("a list of lengths", post("Content-Length: 1, 1\r\n", "x"), 400),
                closes("a signed length", post("Content-Length: +1\r\n", "x"), 400),
                closes("a negative length", post("Content-Length: -1\r\n", "x"), 400),
                closes("a length in hex", post("Content-Length: 0x1\r\n", "x"), 400),
                closes("no digits", post("Content-Length:\r\n", "x"), 400),
                closes("digits with a space", post("Content-Length: 1 1\r\n", "x"), 400),
                closes("a large body", post("Content-Length: 16385\r\n", ""), 413),
                closes("a huge body", post("Content-Length: 99999999999999999999999\r\n", ""), 413),
                closes("large chunks", chunked("4001\r\n"), 413),
                closes(
                        "large chunks in all",
                        chunked("4000\r\n" + "x".repeat(16384) + "\r\n1\r\n"),
                        413),
                closes(
                        "chunked twice",
                        post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"),
                        400),
                closes(
                        "chunked in two lines",
                        post(
                                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                                "0\r\n\r\n"),
                        400),
                closes(
                        "chunked not last",
                        post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"),
                        400),
                closes(
                        "chunked with a parameter",
                        post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"),
                        400),
                closes("an empty coding", post("Transfer-Encoding:\r\n", "0\r\n\r\n"), 400),
                closes("another coding", post("Transfer-Encoding: gzip\r\n", ""), 501),
                closes(
                        "another coding, then chunked",
                        post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
                        501),
                closes("xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501),
                closes(
                        "chunked in 1.0",
                        "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400),
                closes("a size that is none", chunked("x\r\n\r\n"), 400),
                closes("an empty size", chunked("\r\n\r\n"), 400),
                closes("a signed size", chunked("+1\r\na\r\n0\r\n\r\n"), 400),
                closes("a size in 0x", chunked("0x1\r\na\r\n0\r\n\r\n"), 400),
                closes(
                        "a size that overflows",
                        chunked("100000000000000001\r\na\r\n0\r\n\r\n"),
                        400),
                closes("a space and no extension", chunked("1 \r\na\r\n0\r\n\r\n"), 400),
                closes("a space before the size", chunked(" 1\r\na\r\n0\r\n\r\n"), 400),
                closes("bare LF after the size", chunked("1\na\r\n0\r\n\r\n"), 400),
                closes("bare LF in an extension", chunked("1;a\nb\r\na\r\n0\r\n\r\n"), 400),
                closes("bare CR in an extension", chunked("1;a\rb\r\na\r\n0\r\n\r\n"), 400),
                closes("more than the size", chunked("1\r\nab\r\n0\r\n\r\n"), 400),
                closes("bare LF after the data", chunked("1\r\na\n0\r\n\r\n"), 400),
                closes("a trailer that is none", chunked("0\r\nnonsense\r\n\r\n"), 400),
                closes("a folded trailer", chunked("0\r\nX: a\r\n b\r\n\r\n"), 400),
                closes("bare LF at the end", chunked("0\r\n\n"), 400),
                closes(
                        "long extensions",
                        chunked("1;" + "a".repeat(20000) + "\r\na\r\n0\r\n\r\n"),
                        400),
                closes("long trailers", chunked("0\r\nX: " + "a".repeat(20000) + "\r\n\r\n"), 400));
    }

    @ParameterizedTest
    @MethodSource({"requests", "refused", "smuggling"})
    void whole(Case one) throws IOException {
        try (Wire wire = server.connect()) {
            wire.send(one.sent() + TestServer.OK);
            check(one, wire);
        }
    }

    @ParameterizedTest
    @MethodSource({"requests", "refused", "smuggling"})
    void byteByByte(Case one) throws IOException {
        try (Wire wire = server.connect()) {
            wire.sendByteByByte(one.sent());
            wire.send(TestServer.OK);
            check(one, wire);
        }
    }

    private static void check(Case one, Wire wire) throws IOException {
        for (int i = 0; i < one.statuses().size(); i++) {
            Answer answer = wire.answer();
            assertThat(answer.status()).isEqualTo(one.statuses().get(i));
            boolean last = i == one.statuses().size() - 1;
            assertThat(answer.closes()).isEqualTo(last && !one.stays());
            assertThat(answer.head()).contains("\r\nDate: ");
        }
        if (one.stays()) {
            assertThat(wire.answer().body()).isEqualTo("\"ok\"");
        } else {
            assertThat(wire.ends()).isTrue();
        }
    }
}
