package dev.headroom.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.LoadRecord.Mode;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.builtin.BuiltInGenerator;
import dev.headroom.lab.load.wrk.WrkGenerator;
import dev.headroom.lab.run.LabClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The built-in generator beside the real wrk: the same script, what the server saw of it, and what the script printed. */
@Timeout(60)
class SameAsWrkTest {
    private static final int COMPARED = 12;

    @TempDir Path folder = Path.of("");

    /** What a server saw, and what the script said. */
    private record Seen(List<String> requests, String says) {}

    static Stream<Arguments> scripts() throws Exception {
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of(
                        "the shipped one",
                        Files.readString(shipped()).replaceFirst("(?s)function done.*", "")),
                Arguments.of(
                        "a body",
                        "wrk.method = 'POST'; wrk.body = 'a=b'; wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'"),
                Arguments.of(
                        "a counter",
                        "n = 0; function request() n = n + 1; return wrk.format(nil, '/' .. n, {['X-Counter'] = n}) end"),
                Arguments.of(
                        "authentication",
                        """
                        local token
                        function request() return wrk.format("GET", token and "/resource" or "/authenticate") end
                        function response(status, headers, body)
                          if not token and status == 200 then token = headers["X-Token"]; wrk.headers["X-Token"] = token .. #body end
                        end
                        """),
                Arguments.of(
                        "pipelining",
                        "function init() r = wrk.format(nil, '/?a') .. wrk.format(nil, '/?b') end function request() return r end"),
                Arguments.of(
                        "bytes",
                        "function request() return wrk.format('POST', nil, nil, '\\0\\1\\r\\n\\200\\255') end"),
                Arguments.of(
                        "what is known",
                        """
                        print(wrk.scheme, wrk.host, type(wrk.port), wrk.method, wrk.path, type(wrk.headers), wrk.body, wrk.thread)
                        print(type(wrk.lookup), type(wrk.connect), type(wrk.format), _VERSION, jit and jit.version_num >= 20000)
                        function init(args)
                          print(type(wrk.thread), type(wrk.thread.addr), tostring(wrk.thread.addr) == wrk.host .. ":" .. wrk.port, #args, type(args[0]))
                          print(pcall(function() wrk.thread.name = 1 end) and "set" or "refused")
                        end
                        """),
                Arguments.of(
                        "the end",
                        """
                        function done(summary, latency, requests)
                          local e = summary.errors
                          print(summary.duration > 0.9e6 and summary.duration < 5e6, summary.requests > 0, summary.bytes == summary.requests * %d)
                          print(e.connect, e.read, e.write, e.status, e.timeout)
                          local value, count = latency(1)
                          print(type(latency), value == latency.min, count >= 1, #latency >= 1, latency(#latency) <= latency.max * 1.001)
                          print(latency:percentile(50) <= latency:percentile(99.9), latency.mean >= latency.min, latency.stdev >= 0, latency.min < 1e6)
                          print(#requests >= 1, requests.min > 0, requests.max >= requests.mean)
                        end
                        """
                                .formatted(answer().length())));
    }

    private static String answer() {
        return TestServer.OK.replace("\r\n\r\n", "\r\nX-Token: t\r\n\r\n");
    }

    /** The script in k8s/, from wherever the tests run. */
    private static Path shipped() {
        Path here = Path.of("").toAbsolutePath();
        Path script = here.resolve("k8s/wrk-post.lua");
        return Files.exists(script) ? script : here.resolveSibling("k8s/wrk-post.lua");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void theSame(String name, String text) throws Exception {
        Tools.assumeWrk();
        Path script = Files.writeString(folder.resolve("script.lua"), text);
        LoadGenerator wrk = new WrkGenerator(Tools.wrk(), LabClock.system());
        Seen theirs;
        Seen ours;
        // Side by side: each has a server of its own, and how fast they are is not compared.
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Seen> other = beside.submit(() -> run(wrk, script));
            ours = run(new BuiltInGenerator(LabClock.system()), script);
            theirs = other.get();
        }
        assertThat(ours.requests()).isEqualTo(theirs.requests()).hasSize(COMPARED);
        assertThat(ours.says()).isEqualTo(theirs.says());
    }

    private static Seen run(LoadGenerator generator, Path script) throws Exception {
        try (TestServer server = new TestServer((request, n) -> answer())) {
            Plan plan = new Plan(Mode.CLOSED, server.url("/p?q=1"), 1, 1, null, 1, 2, null);
            LoadRecord record = generator.run(plan, script, moment -> {}, new Cancellation());
            String port = server.url("").replaceFirst(".*:", "");
            return new Seen(
                    server.kept.stream()
                            .limit(COMPARED)
                            .map(r -> r.line() + new TreeMap<>(r.headers()) + r.body())
                            .map(text -> text.replace(port, "PORT"))
                            .toList(),
                    ofTheScript(record.generator().says()));
        }
    }

    /** Without the text that wrk itself prints between what the script printed at the start and at the end. */
    private static String ofTheScript(String says) {
        return says.replaceFirst("(?s)Running .* test @.*Transfer/sec:[^\n]*\n", "");
    }
}
