package dev.headroom.iris.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.http.Wire;
import dev.headroom.iris.api.http.Wire.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the service says to requests by their heads alone, in bytes: routes, methods, targets, sizes, versions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpRulesTest {
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n";
    private Service service;

    @BeforeAll
    void start() throws IOException {
        service = new Service(Map.of("MAX_CONNECTION_AGE", "0"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    /**
     * One exchange.
     *
     * @param allow what {@code Allow} says, or empty where there is none
     */
    record Case(String sent, int status, boolean stays, String allow) {
        @Override
        public String toString() {
            String shown = sent.replace("\r\n", "⏎");
            return status + " " + (shown.length() > 90 ? shown.substring(0, 90) + "…" : shown);
        }
    }

    private static Case stays(String sent, int status) {
        return new Case(sent, status, true, "");
    }

    private static Case allows(String sent, int status, String allow) {
        return new Case(sent, status, true, allow);
    }

    private static Case closes(String sent, int status) {
        return new Case(sent, status, false, "");
    }

    private static Case target(String target, int status) {
        return stays("GET " + target + HOST + "\r\n", status);
    }

    private static Case host(String host, boolean valid) {
        String sent = "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        return valid ? stays(sent, 200) : closes(sent, 400);
    }

    private static Case version(String version, int status) {
        String sent = "GET / " + version + "\r\nHost: a\r\n\r\n";
        return status == 200 ? stays(sent, status) : closes(sent, status);
    }

    static Stream<Case> routesAndMethods() {
        String noBody = HOST + "Content-Length: 0\r\n\r\n";
        return Stream.of(
                target("/", 200),
                target("/healthz", 200),
                target("/readyz", 200),
                target("/metrics", 200),
                target("/openapi.json", 200),
                target("/docs", 200),
                target("/predict/", 404),
                target("/PREDICT", 404),
                target("//", 404),
                allows("GET /predict" + HOST + "\r\n", 405, "POST, OPTIONS"),
                allows("PUT /predict" + noBody, 405, "POST, OPTIONS"),
                allows("DELETE /" + HOST + "\r\n", 405, "GET, HEAD, OPTIONS"),
                allows("PATCH /metrics" + noBody, 405, "GET, HEAD, OPTIONS"),
                allows(
                        "POST /healthz" + HOST + "Content-Length: 3\r\n\r\nabc",
                        405,
                        "GET, HEAD, OPTIONS"),
                allows("POST /healthz" + HOST + "\r\n", 405, "GET, HEAD, OPTIONS"),
                allows("TRACE /" + HOST + "\r\n", 405, "GET, HEAD, OPTIONS"),
                allows("CONNECT a:80" + HOST + "\r\n", 405, "GET, HEAD, POST, OPTIONS"),
                allows("OPTIONS /predict" + HOST + "\r\n", 204, "POST, OPTIONS"),
                allows("OPTIONS /" + HOST + "\r\n", 204, "GET, HEAD, OPTIONS"),
                allows("OPTIONS *" + HOST + "\r\n", 204, "GET, HEAD, POST, OPTIONS"),
                allows("OPTIONS http://a" + HOST + "\r\n", 204, "GET, HEAD, POST, OPTIONS"),
                allows(
                        "OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
                        204,
                        "GET, HEAD, OPTIONS"),
                stays("OPTIONS /nowhere" + HOST + "\r\n", 404),
                stays("BREW /" + HOST + "\r\n", 501),
                stays("BREW /nowhere" + HOST + "\r\n", 501),
                closes("GET *" + HOST + "\r\n", 400),
                closes("OPTIONS *x" + HOST + "\r\n", 400),
                closes("POST /predict" + HOST + "\r\n", 411),
                closes("POST /predict HTTP/1.0\r\n\r\n", 411),
                stays("POST /predict" + noBody, 400),
                closes("X".repeat(100), 501));
    }

    static Stream<Case> targets() {
        return Stream.of(
                target("/%68ealthz", 200),
                target("/%68%65althz", 200),
                target("/he%61lthz?%zz", 200),
                target("/healthz?a=b?c", 200),
                target("/%2fhealthz", 404),
                target("/healthz%3Fa", 404),
                target("http://a/healthz", 200),
                target("HTTP://A:80/healthz?x", 200),
                target("https://b.c/%68ealthz", 200),
                target("http://a", 200),
                target("http://a?x=y", 200),
                target("http://[::1]:80/", 200),
                closes("GET http://" + HOST + "\r\n", 400),
                closes("GET http:///healthz" + HOST + "\r\n", 400),
                closes("GET http://u@a/" + HOST + "\r\n", 400),
                closes("GET healthz" + HOST + "\r\n", 400),
                closes("GET /%6" + HOST + "\r\n", 400),
                closes("GET /%zz" + HOST + "\r\n", 400),
                closes("GET /#a" + HOST + "\r\n", 400),
                closes("GET " + HOST + "\r\n", 400),
                stays("\r\n\r\n\r\nGET /" + HOST + "\r\n", 200),
                target("/" + "a".repeat(8191), 404),
                target("/?" + "a".repeat(8190), 200),
                closes("GET /" + "a".repeat(8192) + HOST + "\r\n", 414),
                closes("GET /?" + "a".repeat(9000), 414));
    }

    static Stream<Case> fieldLines() {
        String line = "X: " + "a".repeat(995) + "\r\n";
        return Stream.of(
                stays("GET /" + HOST + line.repeat(16) + "\r\n", 200),
                closes("GET /" + HOST + line.repeat(17) + "\r\n", 431),
                closes("GET /" + HOST + "X: " + "a".repeat(17_000), 431),
                stays("GET /" + HOST + "X: y\r\n".repeat(99) + "\r\n", 200),
                closes("GET /" + HOST + "X: y\r\n".repeat(100) + "\r\n", 431),
                closes("GET / HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n", 400),
                closes("GET / HTTP/1.1\r\nHost: a\r\nX:\u0001\r\n\r\n", 400),
                closes("GET / HTTP/1.1\r\nHost: a\r\nX\u00e4: y\r\n\r\n", 400),
                closes("GET / HTTP/1.1\r\nHost: a\r\n\tX: y\r\n\r\n", 400),
                closes("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n", 400),
                closes("GET / HTTP/1.1\r\nHost: a\rX: y", 400),
                closes("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                closes("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                closes("\u0016\u0003\u0001\u0002", 400),
                closes("GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417),
                closes("GET / HTTP/1.0\r\nExpect: x\r\n\r\n", 417),
                stays("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n", 200));
    }

    static Stream<Case> hostsAndVersions() {
        return Stream.of(
                host("", true),
                host("a.b-c_d~", true),
                host("a:", true),
                host("a:8000", true),
                host("127.0.0.1:80", true),
                host("%41", true),
                host("[::]", true),
                host("[1:2:3:4:5:6:7:8]", true),
                host("[::ffff:1.2.3.4]:1", true),
                host("[v1.a:b]", true),
                host("a b", false),
                host("a, b", false),
                host("a/b", false),
                host("a?b", false),
                host("u@a", false),
                host("a:x", false),
                host("a:1:2", false),
                host("%4", false),
                host("%zz", false),
                host("[::1", false),
                host("::1", false),
                host("[1:2]", false),
                host("[:1::2]", false),
                host("[1::2::3]", false),
                host("[1:2:3:4:5:6:7:8:9]", false),
                host("[12345::]", false),
                host("[g::]", false),
                host("[::1.2.3.256]", false),
                host("[]", false),
                host("a\u00e4", false),
                version("HTTP/1.1", 200),
                version("HTTP/1.2", 200),
                version("HTTP/1.9", 200),
                version("HTTP/2.0", 505),
                version("HTTP/0.9", 505),
                version("HTTP/3.1", 505),
                version("HTTP/2", 400),
                version("HTTP/1.10", 400),
                version("HTTP/11.1", 400),
                version("HTTP/1,1", 400),
                version("HTTP/1.", 400),
                version("http/1.1", 400),
                version("HTTPS/1.1", 400),
                version("FTP/1.1", 400),
                closes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505));
    }

    static Stream<Case> chunks() {
        String head = "POST /predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        String end = "\r\n" + Service.SETOSA + "\r\n0\r\n\r\n";
        String size = Integer.toHexString(Service.SETOSA.length());
        Stream<Case> good =
                Stream.of(
                                "",
                                ";a",
                                ";a=b",
                                " ; a = b",
                                "\t;\ta",
                                ";a=\"b;\\\" c\"",
                                ";a;b=c ;d=\"\"")
                        .map(extension -> stays(head + size + extension + end, 200));
        Stream<Case> bad =
                Stream.of(
                                " ",
                                ";",
                                "; ",
                                ";a=",
                                ";=b",
                                ";a b",
                                ";a=\"b",
                                ";a=b\"",
                                ";a=\"\u0001\"",
                                ";a\u0000",
                                ",a",
                                ";a=b c",
                                "\n",
                                "\r")
                        .map(extension -> closes(head + size + extension + end, 400));
        Stream<Case> sizes =
                Stream.of(
                        closes(head + "FFFFFFFFFFFFFFFFF\r\n", 400),
                        closes(head + "10000000000000000\r\n", 400),
                        closes(head + "7FFFFFFF\r\n", 413),
                        closes(head + "100001\r\n", 413),
                        stays(head + "0".repeat(40) + size + end, 200),
                        closes(head + size + "\r\n" + Service.SETOSA + "0\r\n\r\n", 400));
        return Stream.of(good, bad, sizes).flatMap(all -> all);
    }

    @ParameterizedTest
    @MethodSource({"routesAndMethods", "targets", "fieldLines", "hostsAndVersions", "chunks"})
    void isAnswered(Case one) throws IOException {
        try (Wire wire = service.connect()) {
            Answer answer = wire.send(one.sent()).answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(one.status());
            assertThat(answer.closes()).isEqualTo(!one.stays());
            assertThat(answer.head()).containsOnlyOnce("\r\nDate: ");
            if (one.allow().isEmpty()) {
                assertThat(answer.head()).doesNotContain("\r\nAllow: ");
            } else {
                assertThat(answer.head()).contains("\r\nAllow: " + one.allow() + "\r\n");
            }
            if (one.status() >= 400) {
                assertThat(answer.head())
                        .contains("\r\nContent-Type: application/problem+json\r\n");
                assertThat(answer.body()).startsWith("{\"type\":\"about:blank\",\"title\":\"");
            }
            if (one.status() == 204) {
                assertThat(answer.head())
                        .doesNotContain("Content-Length")
                        .doesNotContain("Content-Type");
            }
            if (one.stays()) {
                assertThat(wire.send(Service.get("/healthz")).answer().status()).isEqualTo(200);
            } else {
                assertThat(wire.ends()).isTrue();
            }
        }
    }

    @Test
    void headIsWhereGetIs() throws IOException {
        try (Wire wire = service.connect()) {
            for (String path :
                    List.of(
                            "/",
                            "/healthz",
                            "/readyz",
                            "/openapi.json",
                            "/docs",
                            "/nowhere",
                            "/predict")) {
                Answer get = wire.send(Service.get(path)).answer();
                Answer head = wire.send("HEAD " + path + HOST + "\r\n").answer(true);
                assertThat(head.status()).isEqualTo(get.status());
                assertThat(withoutDate(head.head())).isEqualTo(withoutDate(get.head()));
            }
        }
    }

    private static String withoutDate(String head) {
        return head.replaceAll("\r\nDate: [^\r]*", "");
    }
}
