package dev.headroom.lab.load.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What wrk promises a script, one promise a case. */
class ScriptTest {
    @TempDir Path folder = Path.of("");
    private ServerSocket listening = unbound();

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void listen() throws Exception {
        listening.close();
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws Exception {
        listening.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + listening.getLocalPort() + path;
    }

    private Script load(String text, int threads) throws Exception {
        Path file = Files.writeString(folder.resolve("it's a script.lua"), text);
        return Script.load(file.toString(), Target.of(url("/p?q")), threads);
    }

    private static String request(ThreadScript thread) throws ScriptException {
        long at = thread.request();
        String text =
                new String(
                        LuaJit.MEMORY.asSlice(at, thread.length()).toArray(ValueLayout.JAVA_BYTE),
                        StandardCharsets.ISO_8859_1);
        thread.release();
        return text;
    }

    /** Scripts, and what the request then is; header lines are in no order. */
    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("", "GET /p?q HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "wrk.method = 'POST'; wrk.body = 'x=1'",
                        "POST /p?q HTTP/1.1|Content-Length: 3|Host: HOST||x=1"),
                Arguments.of("wrk.path = '/other'", "GET /other HTTP/1.1|Host: HOST||"),
                Arguments.of("wrk.headers['Host'] = 'me'", "GET /p?q HTTP/1.1|Host: me||"),
                Arguments.of(
                        "wrk.headers.A = 1; wrk.headers['B-c'] = 'd'",
                        "GET /p?q HTTP/1.1|A: 1|B-c: d|Host: HOST||"),
                Arguments.of(
                        "function request() return wrk.format() end",
                        "GET /p?q HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "function request() return wrk.format('PUT', '/a', {X = 'y'}, 'b') end",
                        "PUT /a HTTP/1.1|Content-Length: 1|Host: HOST|X: y||b"),
                Arguments.of(
                        "function init() wrk.method = 'DELETE' end",
                        "DELETE /p?q HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "function init(args) wrk.path = args[0]:gsub('^http://[^/]*', '') .. #args end",
                        "GET /p?q0 HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "function setup(t) t:set('name', 'n') end; function init() wrk.body = name end",
                        "GET /p?q HTTP/1.1|Content-Length: 1|Host: HOST||n"),
                Arguments.of(
                        "local t = {}; function request() return table.concat({'GET /\\0\\255 HTTP/1.1', '', ''}, '\\r\\n') end",
                        "GET /\0\u00ff HTTP/1.1||"),
                Arguments.of(
                        "function request() return wrk.request() end",
                        "GET /p?q HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "wrk.path = '/' .. wrk.scheme .. wrk.host .. type(wrk.port)",
                        "GET /http127.0.0.1string HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "local wrk = require 'wrk'; wrk.path = '/r'",
                        "GET /r HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "local n = 0; function request() n = n + 1; return wrk.format(nil, '/' .. n) end",
                        "GET /1 HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "wrk.path = '/' .. tostring(jit ~= nil) .. type(require('ffi').cast) .. bit.bor(1, 2)",
                        "GET /truefunction3 HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "function init() wrk.path = '/' .. tostring(wrk.thread.addr) end",
                        "GET /HOST HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "function init() wrk.thread:set('a', {b = {true, 2, 'c'}}); local c = wrk.thread:get('a'); wrk.path = '/' .. tostring(c.b[1]) .. c.b[2] .. c.b[3] end",
                        "GET /true2c HTTP/1.1|Host: HOST||"),
                Arguments.of(
                        "function setup(t) local a = wrk.lookup(wrk.host, wrk.port); t:set('found', #a .. tostring(wrk.connect(a[1])) .. tostring(a[1])) end; function init() wrk.path = '/' .. found end",
                        "GET /1trueHOST HTTP/1.1|Host: HOST||"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void theRequest(String text, String expected) throws Exception {
        String host = "127.0.0.1:" + listening.getLocalPort();
        try (Script script = load(text, 1)) {
            String made = request(script.thread(0)).replace("\r\n", "|").replace(host, "HOST");
            assertThat(sorted(made)).isEqualTo(sorted(expected));
        }
    }

    /** The lines of the head in order: Lua's tables have none. */
    private static List<String> sorted(String request) {
        int end = request.indexOf("||");
        List<String> lines = List.of(request.substring(0, end).split("\\|"));
        TreeSet<String> headers = new TreeSet<>(lines.subList(1, lines.size()));
        return List.of(lines.getFirst(), headers.toString(), request.substring(end));
    }

    /** Scripts that fail, and what is said of it. */
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("this is not Lua", "it's a script.lua:1:"),
                Arguments.of("\n\nerror('on purpose')", "it's a script.lua:3: on purpose"),
                Arguments.of(
                        "function init()\n nothing() end",
                        "it's a script.lua:2: attempt to call global 'nothing'"),
                Arguments.of(
                        "function setup(t)\n t.name = 1 end",
                        "it's a script.lua:2: cannot set 'name' on thread"),
                Arguments.of("function setup(t) t.addr = 'x' end", "`addr' expected"),
                Arguments.of(
                        "function setup(t)\n t:set('f', print) end",
                        "it's a script.lua:2: only plain values can go to another thread"),
                Arguments.of(
                        "function setup(t) local a = {}; a.a = a; t:set('f', a) end",
                        "a table that holds itself"),
                Arguments.of(
                        "wrk.lookup('no.such.host.invalid', '80')",
                        "unable to resolve no.such.host.invalid:80"),
                Arguments.of("error({})", "no text"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureNamesItsLine(String text, String expected) {
        assertThatThrownBy(() -> load(text, 1).close())
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void nobodyListens() throws Exception {
        String host = "127.0.0.1:" + listening.getLocalPort();
        listening.close();
        assertThatThrownBy(() -> load("", 1).close())
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("unable to connect to " + host);
    }

    @Test
    void requestThatGivesNothing() throws Exception {
        try (Script script = load("function request() end", 1)) {
            assertThatThrownBy(() -> script.thread(0).request())
                    .isInstanceOf(ScriptException.class)
                    .hasMessageContaining("request() gave no text");
        }
    }

    @Test
    void whatIsDefinedDecides() throws Exception {
        try (Script none = load("request = 5", 1);
                Script all =
                        load(
                                "function request() end function delay() return 7.9 end function response() end",
                                1)) {
            assertThat(none.isStatic()).isTrue();
            assertThat(none.hasDelay()).isFalse();
            assertThat(none.wantsResponse()).isFalse();
            assertThat(all.isStatic()).isFalse();
            assertThat(all.hasDelay()).isTrue();
            assertThat(all.wantsResponse()).isTrue();
            assertThat(all.thread(0).delay()).isEqualTo(7);
        }
    }

    @Test
    void threadsAreApart() throws Exception {
        String text =
                """
                local count = 0
                function setup(thread) count = count + 1; thread:set("id", count) end
                function request() n = (n or 0) + id; return wrk.format(nil, "/" .. n) end
                """;
        try (Script script = load(text, 2)) {
            assertThat(request(script.thread(0))).startsWith("GET /1 ");
            assertThat(request(script.thread(1))).startsWith("GET /2 ");
            assertThat(request(script.thread(1))).startsWith("GET /4 ");
            assertThat(request(script.thread(0))).startsWith("GET /2 ");
        }
    }

    @Test
    void anAnswerIsTold() throws Exception {
        String text =
                """
                function response(status, headers, body)
                  wrk.path = "/" .. status .. headers["X-A"] .. #body .. body:byte(2)
                  if status == 500 then wrk.thread:stop() end
                end
                function request() return wrk.format() end
                """;
        try (Script script = load(text, 1)) {
            ThreadScript thread = script.thread(0);
            List<byte[]> headers =
                    List.of(
                            "X-A".getBytes(StandardCharsets.US_ASCII),
                            "b".getBytes(StandardCharsets.US_ASCII));
            thread.response(200, headers, new byte[] {0, 1, 2, 9}, 3);
            assertThat(request(thread)).startsWith("GET /200b31 ");
            assertThat(thread.isStopped()).isFalse();
            thread.response(500, headers, new byte[] {0, 1}, 2);
            assertThat(thread.isStopped()).isTrue();
        }
    }

    @Test
    void theEndIsToldInWrksUnits() throws Exception {
        Path told = folder.resolve("told");
        String text =
                """
                local all = {}
                function setup(thread) all[#all + 1] = thread end
                function init() mine = 41 end
                function done(summary, latency, requests)
                  local e = summary.errors
                  local value, count = latency(2)
                  local out = io.open("%s", "w")
                  out:write(table.concat({summary.duration, summary.requests, summary.bytes, e.connect, e.read, e.write, e.status, e.timeout,
                    latency.min, latency.max, latency.mean, string.format("%%.3f", latency.stdev), latency:percentile(50), latency:percentile(99.9),
                    #latency, value, count, requests.max, #requests, all[2]:get("mine"), type(latency)}, " "))
                  out:close()
                end
                """
                        .formatted(told);
        Histogram latency = new Histogram(3);
        latency.recordValueWithCount(100, 3);
        latency.recordValueWithCount(200, 1);
        latency.recordValueWithCount(400, 2);
        Histogram requests = new Histogram(3);
        requests.recordValue(1500);
        try (Script script = load(text, 2)) {
            script.done(new Script.Summary(1_000_001, 6, 7, 1, 2, 3, 4, 5), latency, requests);
        }
        assertThat(told)
                .hasContent(
                        "1000001 6 7 1 2 3 4 5 100 400 216.66666666667 147.196 100 400 3 200 1 1500 1 41 userdata");
    }
}
