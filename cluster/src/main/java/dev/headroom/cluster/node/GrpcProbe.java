package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One asking of a container by gRPC's health protocol, in clear text as the kubelet does, with its words for a no. */
final class GrpcProbe {
    private static final List<String> STATUSES =
            List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");
    private static final int SERVING = 1;

    /** gRPC's status codes, by their numbers. */
    private static final List<String> CODES =
            List.of(
                    "OK",
                    "Canceled",
                    "Unknown",
                    "InvalidArgument",
                    "DeadlineExceeded",
                    "NotFound",
                    "AlreadyExists",
                    "PermissionDenied",
                    "ResourceExhausted",
                    "FailedPrecondition",
                    "Aborted",
                    "OutOfRange",
                    "Unimplemented",
                    "Internal",
                    "Unavailable",
                    "DataLoss",
                    "Unauthenticated");

    private static final int DEADLINE_EXCEEDED = 4;
    private static final int UNIMPLEMENTED = 12;

    /** Before the message: whether it is compressed, and its length. */
    static final int PREFIX = 5;

    private GrpcProbe() {}

    static Probe.Result ask(JsonNode action, Container container, int timeout) {
        String host = container.podIp();
        int port = action.path("port").asInt(0);
        String address = host + ":" + port;
        try (Socket socket = new Socket()) {
            long deadline = System.nanoTime() + timeout * 1_000_000L;
            socket.connect(new InetSocketAddress(host, port), timeout);
            socket.setTcpNoDelay(true);
            InputStream in = new Until(socket, deadline);
            HealthCall call = new HealthCall(in, socket.getOutputStream());
            return ask(call, address, Trees.text(action, "service"), timeout);
        } catch (IOException e) {
            return notConnected(address, timeout);
        }
    }

    static Probe.Result ask(HealthCall call, String address, String service, int timeout) {
        try {
            return result(call.ask(address, service), timeout);
        } catch (SocketTimeoutException e) {
            return call.isGreeted() ? late(timeout) : notConnected(address, timeout);
        } catch (IOException e) {
            return call.isGreeted()
                    ? failed("Unavailable", String.valueOf(e.getMessage()))
                    : notConnected(address, timeout);
        }
    }

    private static Probe.Result result(HealthCall.Answer answer, int timeout) {
        String said = answer.headers().getOrDefault("grpc-status", "2");
        int code = said.matches("[0-9]{1,3}") ? Integer.parseInt(said) : 2;
        String why = decoded(answer.headers().getOrDefault("grpc-message", ""));
        return switch (code) {
            case 0 -> status(answer.message());
            case DEADLINE_EXCEEDED -> late(timeout);
            case UNIMPLEMENTED ->
                    Probe.Result.failed(
                            "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): "
                                    + why);
            default -> failed(code < CODES.size() ? CODES.get(code) : "Code(" + code + ")", why);
        };
    }

    /** A message is percent-encoded; one that is not well so is given as it came, as gRPC's protocol has it. */
    static String decoded(String message) {
        try {
            return URLDecoder.decode(message.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return message;
        }
    }

    /** A {@code HealthCheckResponse}: its first field is the status, left out where it is 0. */
    private static Probe.Result status(byte[] message) {
        boolean told = message.length >= PREFIX + 2 && message[PREFIX] == 8;
        int status = told ? message[PREFIX + 1] : 0;
        if (status == SERVING) {
            return Probe.Result.OK;
        }
        String name =
                status >= 0 && status < STATUSES.size()
                        ? STATUSES.get(status)
                        : Integer.toString(status);
        return Probe.Result.failed("service unhealthy (responded with \"" + name + "\")");
    }

    private static Probe.Result failed(String code, String why) {
        return Probe.Result.failed(
                "error: health rpc probe failed: rpc error: code = " + code + " desc = " + why);
    }

    private static Probe.Result late(int timeout) {
        return Probe.Result.failed(
                "timeout: health rpc did not complete within " + timeout / 1000 + "s");
    }

    /** The kubelet tries to connect until the time is up, and then says that it was. */
    private static Probe.Result notConnected(String address, int timeout) {
        return Probe.Result.failed(
                "timeout: failed to connect service \""
                        + address
                        + "\" within "
                        + timeout / 1000
                        + "s: context deadline exceeded");
    }

    /** What a socket brings until a deadline. */
    private static final class Until extends FilterInputStream {
        private final Socket socket;
        private final long deadline;

        Until(Socket socket, long deadline) throws IOException {
            super(socket.getInputStream());
            this.socket = socket;
            this.deadline = deadline;
        }

        private void hurry() throws IOException {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) left);
        }

        @Override
        public int read() throws IOException {
            hurry();
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            hurry();
            return super.read(bytes, offset, length);
        }
    }
}
