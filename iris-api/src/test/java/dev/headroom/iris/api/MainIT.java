package dev.headroom.iris.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headroom.iris.api.http.Wire;
import dev.headroom.iris.api.http.Wire.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as it is packaged: what it serves, how it starts where it can't, and how it goes. */
@Timeout(120)
class MainIT {
    private static final String SETOSA =
            "{\"sepal_length\":5.1,\"sepal_width\":3.5,\"petal_length\":1.4,\"petal_width\":0.2}";

    @TempDir private Path folder = Path.of("");

    private static String predict(String body) {
        return "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @Test
    void servesWhatItPromises() throws Exception {
        try (Program program = Program.start(Map.of());
                Wire wire = new Wire(program.address())) {
            assertThat(wire.send(predict(SETOSA)).answer().body())
                    .isEqualTo("{\"prediction\":\"setosa\"}");
            assertThat(wire.send(get("/")).answer().body())
                    .isEqualTo("{\"status\":\"ok\",\"model_status\":\"loaded\"}");
            assertThat(wire.send(get("/healthz")).answer().status()).isEqualTo(200);
            assertThat(wire.send(get("/readyz")).answer().status()).isEqualTo(200);
            Answer wrong = wire.send(predict("{\"sepal_length\":\"a\\\"b\"}")).answer();
            assertThat(wrong.status()).isEqualTo(422);
            assertThat(wrong.body())
                    .contains(
                            "\"detail\":\"sepal_length is a string: expected a number, in centimetres\",\"pointer\":\"/sepal_length\"");
            Answer metrics = wire.send(get("/metrics")).answer();
            assertThat(metrics.head()).contains("Content-Type: text/plain; version=0.0.4");
            assertThat(metrics.body().lines())
                    .contains(
                            "iris_http_requests_total{route=\"/predict\",code=\"200\"} 1",
                            "iris_http_requests_total{route=\"/predict\",code=\"422\"} 1",
                            "iris_http_requests_total{route=\"/readyz\",code=\"200\"} 1",
                            "iris_http_connections_open 1",
                            "iris_http_connections_accepted_total 1",
                            "iris_http_connections_closed_total{reason=\"age\"} 0")
                    .anyMatch(line -> line.matches("process_cpu_seconds_total [0-9.]+"));
        }
    }

    @Test
    void helpNamesEverySetting() throws Exception {
        try (Program program = Program.start(Map.of(), "--help")) {
            String help = program.rest();
            for (Setting setting : Setting.values()) {
                assertThat(help).contains(setting.flag() + "  (" + setting.name() + ")");
            }
            assertThat(program.exitCode()).isZero();
        }
    }

    @Test
    void checkLoadsTheModelAndEnds() throws Exception {
        try (Program program = Program.start(Map.of(), "--check")) {
            assertThat(program.rest())
                    .isEqualTo(
                            "iris-api: iris.onnx, version 1 with classes setosa, versicolor, virginica: can be served");
            assertThat(program.exitCode()).isZero();
        }
        try (Program program = Program.start(Map.of("MODEL", "/no/such"), "--check")) {
            assertThat(program.rest()).isEqualTo("iris-api: /no/such: no such file (MODEL)");
            assertThat(program.exitCode()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prot=1 | unknown argument --prot=1; --help names what there is",
                "--port | --port wants a value: port to listen on",
                "serve | unknown argument serve",
            })
    void anArgumentThatMakesNoSenseIsNamed(String argument, String message) throws Exception {
        try (Program program = Program.start(Map.of(), argument)) {
            assertThat(program.rest()).startsWith("iris-api: " + message).hasLineCount(1);
            assertThat(program.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void aFlagComesBeforeTheEnvironment() throws Exception {
        try (Program program =
                        Program.start(
                                Map.of("MAX_BATCH_ROWS", "x"),
                                "--max-batch-rows=1",
                                "--log-format",
                                "json");
                Wire wire = new Wire(program.address())) {
            assertThat(wire.send(predict("[" + SETOSA + "," + SETOSA + "]")).answer().status())
                    .isEqualTo(413);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LOG_FORMAT | xml | LOG_FORMAT is 'xml': expected text or json",
                "ACCESS_LOG | yes | ACCESS_LOG is 'yes': expected on or off",
                "EVENT_LOOPS | 0 | EVENT_LOOPS is '0': expected an integer from 1 to 64",
                "HEAD_TIMEOUT | 0 | HEAD_TIMEOUT is '0': expected seconds from 0.001 to",
                "MAX_CONNECTIONS | many | MAX_CONNECTIONS is 'many': expected an integer",
                "PORT | x | PORT is 'x': expected an integer from 0 to 65535",
                "PORT | 70000 | PORT is '70000'",
                "HOST | no.such.host.invalid | HOST is no.such.host.invalid, which is no known address",
                "MAX_CONNECTION_AGE | -1 | MAX_CONNECTION_AGE is '-1': expected seconds from 0 to",
                "MODEL | /no/such/model.onnx | /no/such/model.onnx: no such file (MODEL)",
                "MODEL | /dev/zero | /dev/zero has more than 8388608 bytes: is it a model?",
            })
    void aSettingThatMakesNoSenseIsNamed(String name, String value, String message)
            throws Exception {
        try (Program program = Program.start(Map.of(name, value))) {
            assertThat(program.rest()).startsWith("iris-api: " + message).hasLineCount(1);
            assertThat(program.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Program program = Program.start(Map.of("PORT", "" + taken.getLocalPort()))) {
            assertThat(program.rest())
                    .isEqualTo(
                            "iris-api: can't listen on 127.0.0.1:"
                                    + taken.getLocalPort()
                                    + " (HOST, PORT): Address already in use");
            assertThat(program.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aDamagedModelIsNamed() throws Exception {
        byte[] model = Files.readAllBytes(Path.of("..", "iris-training", "target", "iris.onnx"));
        Path damaged = folder.resolve("damaged.onnx");
        Files.write(damaged, Arrays.copyOf(model, 700));
        try (Program program = Program.start(Map.of("MODEL", damaged.toString()))) {
            assertThat(program.rest())
                    .startsWith("iris-api: " + damaged + ": byte ")
                    .hasLineCount(1);
            assertThat(program.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void afterSigtermNewConnectionsAreServedForAWhile() throws Exception {
        try (Program program = Program.start(Map.of("SHUTDOWN_DELAY", "2"))) {
            InetSocketAddress address = program.address();
            try (Wire idle = new Wire(address)) {
                assertThat(idle.send(get("/readyz")).answer().status()).isEqualTo(200);
                program.terminate();
                Answer ready = newConnection(address, "/readyz");
                while (ready.status() == 200) {
                    ready = newConnection(address, "/readyz");
                }
                assertThat(ready.status()).isEqualTo(503);
                assertThat(ready.closes()).isTrue();
                try (Wire late = new Wire(address)) {
                    Answer answer = late.send(predict(SETOSA)).answer();
                    assertThat(answer.body()).isEqualTo("{\"prediction\":\"setosa\"}");
                    assertThat(answer.closes()).isTrue();
                }
                assertThat(idle.ends()).isTrue();
            }
            assertThat(program.exitCode()).isZero();
        }
    }

    /** The hard way out of descriptors: more clients than files, with the limit set from outside by the shell. */
    @Test
    void outOfDescriptorsItRecoversByItself() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no POSIX shell at /bin/sh");
        List<Wire> wires = new ArrayList<>();
        try (Program program = Program.limited("ulimit -n 60", Map.of("MAX_CONNECTIONS", "1000"))) {
            InetSocketAddress address = program.address();
            for (int i = 0; i < 100; i++) {
                wires.add(new Wire(address).send(get("/healthz")));
            }
            assertThat(wires.getFirst().answer().status()).isEqualTo(200);
            for (Wire wire : wires) {
                wire.close();
            }
            try (Wire wire = new Wire(address)) {
                assertThat(wire.send(predict(SETOSA)).answer().status()).isEqualTo(200);
            }
        }
    }

    private static Answer newConnection(InetSocketAddress address, String path) throws IOException {
        try (Wire wire = new Wire(address)) {
            return wire.send(get(path)).answer();
        }
    }

    /** Whoever has its first answer may tell it to go, though it has not yet said that it listens. */
    @Test
    void toldToGoAtItsFirstAnswerItEndsWithZero() throws Exception {
        for (int i = 0; i < 3; i++) {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                port = free.getLocalPort();
            }
            try (Program program =
                    Program.start(Map.of("PORT", "" + port, "SHUTDOWN_DELAY", "0"))) {
                InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
                while (!answers(address)) {
                    Thread.onSpinWait();
                }
                program.terminate();
                assertThat(program.rest()).doesNotContain("Exception");
                assertThat(program.exitCode()).isZero();
            }
        }
    }

    private static boolean answers(InetSocketAddress address) {
        try (Wire wire = new Wire(address)) {
            return wire.send(get("/readyz")).answer().status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sixteen clients that keep their connections, and stop when told to: none sees a request fail. */
    @Test
    void sigtermUnderLoadLosesNoRequest() throws Exception {
        try (Program program = Program.start(Map.of("MAX_CONNECTION_AGE", "0"));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            InetSocketAddress address = program.address();
            AtomicInteger answers = new AtomicInteger();
            List<Future<Boolean>> ends = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                ends.add(clients.submit(() -> untilToldToClose(address, answers)));
            }
            while (answers.get() < 2_000) {
                Thread.onSpinWait();
            }
            program.terminate();
            for (Future<Boolean> end : ends) {
                assertThat(end.get()).isTrue();
            }
            assertThat(program.exitCode()).isZero();
        }
    }

    private static boolean untilToldToClose(InetSocketAddress address, AtomicInteger answers)
            throws IOException {
        try (Wire wire = new Wire(address)) {
            while (true) {
                Answer answer = wire.send(predict(SETOSA)).answer();
                assertThat(answer.body()).isEqualTo("{\"prediction\":\"setosa\"}");
                answers.incrementAndGet();
                if (answer.closes()) {
                    return wire.ends();
                }
            }
        }
    }

    /** Clients that reconnect when told to, over many ages: every request is answered, every end is counted as age. */
    @Test
    void connectionAgeLosesNoRequest() throws Exception {
        try (Program program = Program.start(Map.of("MAX_CONNECTION_AGE", "0.2"));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            InetSocketAddress address = program.address();
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger closed = new AtomicInteger();
            List<Future<Integer>> ends = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                ends.add(clients.submit(() -> overManyConnections(address, stop, closed)));
            }
            while (closed.get() < 100) {
                Thread.sleep(5);
            }
            stop.set(true);
            int answers = 0;
            for (Future<Integer> end : ends) {
                answers += end.get();
            }
            try (Wire wire = new Wire(address)) {
                assertThat(wire.send(get("/metrics")).answer().body().lines())
                        .contains(
                                "iris_http_requests_total{route=\"/predict\",code=\"200\"} "
                                        + answers,
                                "iris_http_connections_closed_total{reason=\"age\"} "
                                        + closed.get(),
                                "iris_http_connections_closed_total{reason=\"error\"} 0");
            }
        }
    }

    private static int overManyConnections(
            InetSocketAddress address, AtomicBoolean stop, AtomicInteger closed)
            throws IOException {
        int answers = 0;
        while (!stop.get()) {
            try (Wire wire = new Wire(address)) {
                Answer answer;
                do {
                    answer = wire.send(predict(SETOSA)).answer();
                    assertThat(answer.status()).isEqualTo(200);
                    answers++;
                } while (!answer.closes());
                assertThat(wire.ends()).isTrue();
                closed.incrementAndGet();
            }
        }
        return answers;
    }
}
