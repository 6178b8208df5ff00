package dev.headroom.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.lab.load.LoadRecord.Ended.How;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in generator with users' scripts: what they send, and what becomes of those that fail. */
@Timeout(120)
class BuiltInGeneratorScriptTest {
    private final GeneratorRuns generator;

    BuiltInGeneratorScriptTest(@TempDir Path folder) {
        generator = new GeneratorRuns(folder);
    }

    @Test
    void chunksAndHeads() throws Exception {
        String chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
        String noBody = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        try (TestServer server =
                new TestServer(
                        (request, n) -> request.line().startsWith("HEAD") ? noBody : chunks)) {
            LoadRecord record =
                    generator.run(
                            GeneratorRuns.plan(server.url("/"), 1, 2, 1),
                            """
                            local n = 0
                            function request() n = n + 1; return wrk.format(n % 2 == 0 and "HEAD" or "GET") end
                            """);
            assertThat(record.failed()).isZero();
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 2, server.answered.get());
        }
    }

    @Test
    void theUsersScript() throws Exception {
        String script =
                """
                local threads = {}
                function setup(thread) thread:set("id", #threads + 1); table.insert(threads, thread) end
                function init(args) seen = 0; wrk.method = "POST"; wrk.body = "from " .. id end
                function response(status, headers, body) if body == "ok" and headers["Content-Length"] == "2" then seen = seen + 1 end end
                function done(summary, latency, requests)
                  local sum = 0
                  for _, thread in ipairs(threads) do sum = sum + thread:get("seen") end
                  print("all " .. sum .. " of " .. summary.requests)
                end
                """;
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record =
                    generator.run(GeneratorRuns.plan(server.url("/p"), 2, 4, 1), script);
            assertThat(record.generator().says())
                    .contains("all %1$d of %1$d".formatted(record.answers()));
            assertThat(server.kept)
                    .extracting(TestServer.Request::body)
                    .containsOnly("from 1", "from 2");
            assertThat(server.kept)
                    .extracting(TestServer.Request::line)
                    .containsOnly("POST /p HTTP/1.1");
        }
    }

    @Test
    void pipelining() throws Exception {
        String script =
                """
                function init() batch = wrk.format(nil, "/1") .. wrk.format("HEAD", "/2") .. wrk.format(nil, "/3") end
                function request() return batch end
                """;
        try (TestServer server =
                new TestServer((request, n) ->
                        request.line().startsWith("HEAD")
                                ? TestServer.OK.replace("ok", "")
                                : TestServer.OK)) {
            LoadRecord record = generator.run(GeneratorRuns.plan(server.url("/"), 1, 1, 1), script);
            assertThat(record.failed()).isZero();
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 3, server.answered.get());
            assertThat(server.kept)
                    .extracting(TestServer.Request::line)
                    .startsWith("GET /1 HTTP/1.1", "HEAD /2 HTTP/1.1", "GET /3 HTTP/1.1");
        }
    }

    /** More than the buffers on the way hold: it is sent in pieces, and arrives whole. */
    @Test
    void aLargeRequest() throws Exception {
        String script =
                """
                local n = 0
                function request() n = n + 1; return wrk.format("POST", nil, nil, string.rep(tostring(n % 10), 20 * 1000 * 1000)) end
                """;
        try (TestServer server =
                new TestServer((request, n) -> {
                    String body = request.body();
                    boolean whole = body.chars().allMatch(c -> c == body.charAt(0));
                    return whole ? TestServer.OK : TestServer.OK.replace("200", "400");
                })) {
            LoadRecord record = generator.run(GeneratorRuns.plan(server.url("/"), 1, 2, 3), script);
            assertThat(record.answers()).isPositive();
            assertThat(record.failed()).isZero();
            assertThat(server.kept.peek()).isNotNull();
            assertThat(server.kept.peek().body()).hasSize(20_000_000);
        }
    }

    @Test
    void aScriptsDelayIsKept() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record =
                    generator.run(
                            GeneratorRuns.plan(server.url("/"), 1, 3, 2),
                            "function delay() return 100 end");
            assertThat(record.answers()).isBetween(6L, 60L);
            assertThat(GeneratorRuns.latency(record).min()).isLessThan(100);
        }
    }

    @Test
    void aThreadThatItsScriptStops() throws Exception {
        String script =
                "function response() n = (n or 0) + 1; if n == 7 then wrk.thread:stop() end end";
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record = generator.run(GeneratorRuns.plan(server.url("/"), 1, 1, 2), script);
            assertThat(record.answers()).isEqualTo(7);
            assertThat(record.ended().how()).isEqualTo(How.COMPLETED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\nthis is not Lua",
                "function init()\n error('here') end",
                "local n = 0\nfunction request() n = n + 1; return n < 5 and wrk.format() or nothing.at.all end",
                "function request() return wrk.format() end\nfunction response() error('seen') end",
            })
    void aScriptThatFailsIsAnErrorWithItsLine(String script) throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            assertThatThrownBy(() ->
                            generator.run(GeneratorRuns.plan(server.url("/"), 1, 1, 5), script))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("it's a script.lua:2:");
        }
    }

    @Test
    void aRequestThatIsNotWhole() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            String script = "function request() return 'GET /' end";
            assertThatThrownBy(() ->
                            generator.run(GeneratorRuns.plan(server.url("/"), 1, 1, 1), script))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("incomplete request");
            assertThat(server.requests).hasValue(0);
        }
    }
}
