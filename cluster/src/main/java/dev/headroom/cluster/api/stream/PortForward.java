package dev.headroom.cluster.api.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** A pod's ports for a client: each connection is two streams, one for its bytes and one for what went wrong. */
final class PortForward implements Predicate<SpdyStream> {
    private static final int CONNECT_MILLIS = 5_000;

    private final String host;
    private final String pod;
    private final String uid;
    private final Map<String, SpdyStream> single = new HashMap<>();

    /**
     * @param host the pod's address
     * @param pod its name and namespace, as messages name it
     */
    PortForward(String host, String pod, String uid) {
        this.host = host;
        this.pod = pod;
        this.uid = uid;
    }

    /** Takes a stream; the second one of a connection begins it. */
    @Override
    public boolean test(SpdyStream stream) {
        String type = stream.header("streamType");
        String request = stream.header("requestID");
        if (request.isEmpty() || !type.matches("data|error") || port(stream) == 0) {
            return false;
        }
        SpdyStream other = single.remove(request);
        if (other == null) {
            single.put(request, stream);
            return true;
        }
        if (other.header("streamType").equals(type)) {
            single.put(request, other);
            return false;
        }
        SpdyStream data = type.equals("data") ? stream : other;
        SpdyStream error = type.equals("data") ? other : stream;
        Thread.ofVirtual().name("port-forward").start(() -> forward(data, error));
        return true;
    }

    /** 0 for none that can be. */
    private static int port(SpdyStream stream) {
        String port = stream.header("port");
        int number = port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0;
        return number > 65_535 ? 0 : number;
    }

    private void forward(SpdyStream data, SpdyStream error) {
        int port = port(data);
        try (data;
                error;
                Socket socket = new Socket()) {
            try {
                socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            } catch (IOException e) {
                error.out().write(refusal(port, e).getBytes(StandardCharsets.UTF_8));
                return;
            }
            Thread.ofVirtual().start(() -> send(data, socket));
            Pipes.copy(socket.getInputStream(), data.out());
        } catch (IOException gone) {
            return; // the client, or the program in the pod: the other one sees its connection end
        }
    }

    private String refusal(int port, IOException e) {
        String why = String.valueOf(e.getMessage());
        return "error forwarding port "
                + port
                + " to pod "
                + pod
                + ", uid "
                + uid
                + ": failed to connect to "
                + host
                + ":"
                + port
                + ": "
                + (why.contains("refused") ? "connect: connection refused" : why);
    }

    private static void send(SpdyStream data, Socket socket) {
        try {
            Pipes.copy(data.in(), socket.getOutputStream());
            socket.shutdownOutput();
        } catch (IOException over) {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            return; // it is gone either way
        }
    }
}
