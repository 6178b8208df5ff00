package dev.headroom.cluster.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ParameterizedClass(name = "epoll: {0}")
@ValueSource(booleans = {false, true})
class BalancerTest {
    @Parameter boolean useEpoll;

    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final ServiceMeter service = new ServiceMeter();
    private Balancer balancer;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(!useEpoll || Balancer.hasEpoll(), "epoll is Linux' own");
        balancer = Balancer.start(2, useEpoll);
    }

    @AfterEach
    void stop() {
        balancer.close();
    }

    @Test
    void requestsReachTheirPodAndAreCounted() throws Exception {
        HttpServer pod = HttpServer.create(ANY, 0);
        pod.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        pod.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(
                            exchange.getRequestURI().getPath().equals("/no") ? 404 : 200,
                            body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        pod.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Backend backend = new Backend(pod.getAddress());
            Listening frontend = balancer.listen(ANY, (c, w) -> backend, service);
            String base = "http://127.0.0.1:" + frontend.address().getPort();
            for (int i = 0; i < 50; i++) {
                String path = i % 5 == 0 ? "/no" : "/yes";
                String body = "x".repeat(1 + i * 997);
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(base + path))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build();
                assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo(body);
            }
            // A client has an answer before it is counted: the count of the last is awaited.
            await(() -> backend.answers(2) + backend.answers(4) >= 50);
            assertThat(backend.answers(2)).isEqualTo(40);
            assertThat(backend.answers(4)).isEqualTo(10);
            assertThat(service.isHttp()).isTrue();
            assertThat(backend.openConnections()).isPositive();
        } finally {
            pod.stop(0);
        }
    }

    @Test
    void withoutAReadyPodTheConnectionIsReset() throws Exception {
        Listening frontend = balancer.listen(ANY, (c, w) -> null, service);
        try (Socket client = new Socket(ANY.getAddress(), frontend.address().getPort())) {
            assertThatThrownBy(
                            () -> {
                                client.getOutputStream().write(1);
                                if (client.getInputStream().read() < 0) {
                                    throw new AssertionError("ended in good order");
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
        assertThat(service.refused()).isEqualTo(1);
    }

    @Test
    void aPodThatIsNotThereIsAConnectFailure() throws Exception {
        Backend gone = new Backend(new InetSocketAddress(ANY.getAddress(), freePort()));
        Listening frontend =
                balancer.listen(ANY, (c, without) -> without.isEmpty() ? gone : null, service);
        try (Socket client = new Socket(ANY.getAddress(), frontend.address().getPort())) {
            assertThatThrownBy(() -> endsInGoodOrder(client)).isInstanceOf(IOException.class);
        }
        assertThat(gone.connectFailures()).isEqualTo(1);
        assertThat(gone.connections()).isZero();
    }

    @Test
    void whereAPodIsNotThereAnotherIsAsked() throws Exception {
        Backend gone = new Backend(new InetSocketAddress(ANY.getAddress(), freePort()));
        try (ServerSocket pod = new ServerSocket(0, 1, ANY.getAddress())) {
            Backend there =
                    new Backend(new InetSocketAddress(ANY.getAddress(), pod.getLocalPort()));
            Listening frontend =
                    balancer.listen(ANY, (c, w) -> w.contains(gone) ? there : gone, service);
            try (Socket client = new Socket(ANY.getAddress(), frontend.address().getPort())) {
                client.getOutputStream().write(7);
                try (Socket accepted = pod.accept()) {
                    assertThat(accepted.getInputStream().read()).isEqualTo(7);
                    accepted.getOutputStream().write(8);
                    assertThat(client.getInputStream().read()).isEqualTo(8);
                }
            }
            assertThat(there.connections()).isEqualTo(1);
        }
        assertThat(gone.connectFailures()).isEqualTo(1);
        assertThat(service.refused()).isZero();
    }

    @Test
    void whereNoPodIsThereTheConnectionIsReset() throws Exception {
        List<Backend> gone = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            gone.add(new Backend(new InetSocketAddress(ANY.getAddress(), freePort())));
        }
        Listening frontend =
                balancer.listen(
                        ANY,
                        (c, without) ->
                                gone.stream()
                                        .filter(pod -> !without.contains(pod))
                                        .findFirst()
                                        .orElse(null),
                        service);
        try (Socket client = new Socket(ANY.getAddress(), frontend.address().getPort())) {
            assertThatThrownBy(() -> endsInGoodOrder(client)).isInstanceOf(IOException.class);
        }
        assertThat(gone).extracting(Backend::connectFailures).containsExactly(1L, 1L, 1L);
        assertThat(service.refused()).isEqualTo(1);
    }

    /** What more come stay in the backlog, connected and unheard, until there is room. */
    @Test
    void moreClientsThanThereAreFilesForWait() throws Exception {
        assertThat(Clients.most(256)).isEqualTo(48);
        assertThat(Clients.most(64)).isEqualTo(8);
        assertThat(Clients.most(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        try (Balancer small = Balancer.start(1, useEpoll, new Clients(1));
                ServerSocket pod = new ServerSocket(0, 9, ANY.getAddress())) {
            Backend backend =
                    new Backend(new InetSocketAddress(ANY.getAddress(), pod.getLocalPort()));
            Listening frontend = small.listen(ANY, (c, w) -> backend, service);
            int port = frontend.address().getPort();
            try (Socket first = new Socket(ANY.getAddress(), port);
                    Socket reached = pod.accept();
                    Socket second = new Socket(ANY.getAddress(), port)) {
                second.getOutputStream().write('2');
                first.getOutputStream().write('1');
                assertThat(reached.getInputStream().read()).isEqualTo('1');
                reached.close();
                first.close();
                try (Socket next = pod.accept()) {
                    assertThat(next.getInputStream().read()).isEqualTo('2');
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket once = new ServerSocket(0, 1, ANY.getAddress())) {
            return once.getLocalPort();
        }
    }

    /** A reset is an {@link IOException}. */
    private static void endsInGoodOrder(Socket client) throws IOException {
        if (client.getInputStream().read() < 0) {
            throw new AssertionError("ended in good order");
        }
    }

    @Test
    void halfClosedClientsStillGetTheirAnswer() throws Exception {
        try (ServerSocket pod = new ServerSocket(0, 1, ANY.getAddress())) {
            Backend backend =
                    new Backend(new InetSocketAddress(ANY.getAddress(), pod.getLocalPort()));
            Listening frontend = balancer.listen(ANY, (c, w) -> backend, service);
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket accepted = pod.accept()) {
                            byte[] all = accepted.getInputStream().readAllBytes();
                            accepted.getOutputStream()
                                    .write(("got " + all.length).getBytes(StandardCharsets.UTF_8));
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    });
            try (Socket client = new Socket(ANY.getAddress(), frontend.address().getPort())) {
                client.getOutputStream().write(new byte[1000]);
                client.shutdownOutput();
                assertThat(
                                new String(
                                        client.getInputStream().readAllBytes(),
                                        StandardCharsets.UTF_8))
                        .isEqualTo("got 1000");
            }
        }
    }

    @Test
    void aSlowReaderHoldsBackItsPodAndLosesNothing() throws Exception {
        byte[] sent = new byte[32 << 20];
        new Random(1).nextBytes(sent);
        CountDownLatch reading = new CountDownLatch(1);
        try (ServerSocket pod = new ServerSocket(0, 1, ANY.getAddress())) {
            Backend backend =
                    new Backend(new InetSocketAddress(ANY.getAddress(), pod.getLocalPort()));
            Listening frontend = balancer.listen(ANY, (c, w) -> backend, service);
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (Socket accepted = pod.accept()) {
                                    accepted.getOutputStream().write(sent, 0, 1 << 20);
                                    reading.countDown();
                                    accepted.getOutputStream()
                                            .write(sent, 1 << 20, sent.length - (1 << 20));
                                } catch (IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            });
            try (Socket client = new Socket(ANY.getAddress(), frontend.address().getPort())) {
                reading.await();
                InputStream in = client.getInputStream();
                byte[] received = in.readAllBytes();
                assertThat(Arrays.equals(received, sent)).isTrue();
            }
            writer.join();
            assertThat(backend.bytesSent()).isEqualTo(sent.length);
        }
    }

    @Test
    void aClosedFrontendFreesItsPortAndKeepsItsConnections() throws Exception {
        try (ServerSocket pod = new ServerSocket(0, 1, ANY.getAddress())) {
            Backend backend =
                    new Backend(new InetSocketAddress(ANY.getAddress(), pod.getLocalPort()));
            Listening frontend = balancer.listen(ANY, (c, w) -> backend, service);
            int port = frontend.address().getPort();
            try (Socket client = new Socket(ANY.getAddress(), port);
                    Socket accepted = pod.accept()) {
                frontend.close();
                client.getOutputStream().write(7);
                assertThat(accepted.getInputStream().read()).isEqualTo(7);
                awaitFree(port);
            }
        }
    }

    /** Until it holds or ten seconds are over: then the assertion that follows says what is missing. */
    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(1);
        }
    }

    /** The port is given back by the loop's next turn; until then a bind is refused. */
    private static void awaitFree(int port) throws InterruptedException {
        while (true) {
            try (ServerSocket again = new ServerSocket()) {
                again.setReuseAddress(true);
                again.bind(new InetSocketAddress(ANY.getAddress(), port));
                return;
            } catch (IOException stillTaken) {
                Thread.onSpinWait();
            }
        }
    }
}
