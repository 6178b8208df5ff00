package dev.headroom.lab.load;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An HTTP server that counts for itself, a thread per connection; what it answers is the test's. */
final class TestServer implements Closeable {
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int KEPT = 1000;

    final AtomicLong requests = new AtomicLong();
    final AtomicLong answered = new AtomicLong();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final Queue<Request> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Answer answer;

    /** A request as it came; header names in lower case. */
    record Request(String line, Map<String, String> headers, String body) {}

    /** What to answer, as raw text; an empty one answers nothing, null closes. */
    @FunctionalInterface
    interface Answer {
        @Nullable String to(Request request, long number) throws InterruptedException;
    }

    TestServer(Answer answer) throws IOException {
        this(answer, InetAddress.getLoopbackAddress());
    }

    TestServer(Answer answer, InetAddress on) throws IOException {
        this.answer = answer;
        this.listening = new ServerSocket();
        listening.bind(new InetSocketAddress(on, 0), 4096);
        Thread.ofVirtual().start(this::accept);
    }

    String url(String path) {
        String ip = listening.getInetAddress().getHostAddress();
        String host = ip.contains(":") ? "[" + ip + "]" : ip;
        return "http://" + host + ":" + listening.getLocalPort() + path;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                if (listening.isClosed()) {
                    socket.close(); // Taken while the server was being closed.
                }
                connections.incrementAndGet();
                mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (Request request = read(in); request != null; request = read(in)) {
                long number = requests.incrementAndGet();
                if (number <= KEPT) {
                    kept.add(request);
                }
                String text = answer.to(request, number);
                if (text == null) {
                    return;
                }
                if (!text.isEmpty()) {
                    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
                    answered.incrementAndGet();
                }
                if (text.contains("Connection: close")) {
                    return;
                }
            }
        } catch (IOException | InterruptedException gone) {
            // The client closed, or the test is over.
        } finally {
            open.decrementAndGet();
            sockets.remove(socket);
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(
                line, headers, new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString().stripTrailing();
            }
            line.append((char) b);
        }
        return null;
    }

    /** Everything ends at once, as when a pod is killed. */
    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
