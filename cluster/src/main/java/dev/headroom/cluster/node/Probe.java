package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** One asking of a container whether it is well, over HTTP, TCP or by a command, with the kubelet's words for a no. */
final class Probe {
    private Probe() {}

    /**
     * What came of it.
     *
     * @param message empty where it succeeded
     */
    record Result(boolean success, String message) {
        static final Result OK = new Result(true, "");

        static Result failed(String message) {
            return new Result(false, message);
        }
    }

    static Result ask(
            JsonNode probe,
            JsonNode container,
            String podIp,
            Map<String, String> environment,
            Path directory) {
        int timeout = Math.max(1, probe.path("timeoutSeconds").asInt(1)) * 1000;
        if (probe.has("httpGet")) {
            return http(probe.path("httpGet"), container, podIp, timeout);
        }
        if (probe.has("tcpSocket")) {
            return tcp(probe.path("tcpSocket"), container, podIp, timeout);
        }
        if (probe.has("exec")) {
            return exec(probe.path("exec"), environment, directory, timeout);
        }
        return Result.failed("the probe's kind is not known to this node");
    }

    static int port(JsonNode port, JsonNode container) {
        if (port.isNumber()) {
            return port.asInt();
        }
        for (JsonNode candidate : container.path("ports")) {
            if (Trees.text(candidate, "name").equals(port.asString(""))) {
                return candidate.path("containerPort").asInt(0);
            }
        }
        return 0;
    }

    private static String host(JsonNode action, String podIp) {
        String host = Trees.text(action, "host");
        return host.isEmpty() ? podIp : host;
    }

    private static Result tcp(JsonNode action, JsonNode container, String podIp, int timeout) {
        String host = host(action, podIp);
        int port = port(action.path("port"), container);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), timeout);
            return Result.OK;
        } catch (IOException e) {
            return Result.failed("dial tcp " + host + ":" + port + ": " + reason(e));
        }
    }

    private static Result http(JsonNode action, JsonNode container, String podIp, int timeout) {
        String host = host(action, podIp);
        int port = port(action.path("port"), container);
        String path = Trees.text(action, "path");
        String target = path.startsWith("/") ? path : "/" + path;
        String url = "http://" + host + ":" + port + target;
        long deadline = System.nanoTime() + timeout * 1_000_000L;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), timeout);
            socket.setTcpNoDelay(true);
            StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
            request.append("Host: ").append(host).append(':').append(port).append("\r\n");
            request.append("User-Agent: kube-probe/1.34\r\nAccept: */*\r\nConnection: close\r\n");
            for (JsonNode header : action.path("httpHeaders")) {
                request.append(Trees.text(header, "name"))
                        .append(": ")
                        .append(Trees.text(header, "value"))
                        .append("\r\n");
            }
            socket.getOutputStream()
                    .write((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String status = statusLine(socket, deadline);
            int code = Integer.parseInt(status.substring(9, 12));
            return code >= 200 && code < 400
                    ? Result.OK
                    : Result.failed("HTTP probe failed with statuscode: " + code);
        } catch (SocketTimeoutException e) {
            return Result.failed(
                    "Get \""
                            + url
                            + "\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        } catch (IOException e) {
            return Result.failed(
                    "Get \"" + url + "\": dial tcp " + host + ":" + port + ": " + reason(e));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return Result.failed("Get \"" + url + "\": malformed HTTP response");
        }
    }

    private static String statusLine(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (true) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) left);
            int b = in.read();
            if (b < 0) {
                throw new IOException("EOF");
            }
            if (b == '\n' || line.length() > 200) {
                return line.toString();
            }
            line.append((char) b);
        }
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("refused")) {
            return "connect: connection refused";
        }
        return message.contains("timed out") ? "i/o timeout" : message;
    }

    private static Result exec(
            JsonNode action, Map<String, String> environment, Path directory, int timeout) {
        List<String> command = new ArrayList<>();
        action.path("command").forEach(part -> command.add(part.asString("")));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectErrorStream(true);
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
            Process process = builder.start();
            if (!process.waitFor(timeout, TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                return Result.failed(
                        "command timed out: "
                                + String.join(" ", command)
                                + " timed out after "
                                + timeout / 1000
                                + "s");
            }
            return process.exitValue() == 0
                    ? Result.OK
                    : Result.failed("command exited with " + process.exitValue());
        } catch (IOException e) {
            return Result.failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Result.failed("interrupted");
        }
    }
}
