package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One asking of a container whether it is well, over HTTP, TCP, gRPC or by a command, with the kubelet's words for a no. */
final class Probe {
    private static final int MOST_OUTPUT = 10 << 10;

    private Probe() {}

    /**
     * What came of it.
     *
     * @param asked false where the container could not even be asked; a kubelet tells of that, and throws the result away
     * @param message empty where it succeeded
     */
    record Result(boolean success, boolean asked, String message) {
        static final Result OK = new Result(true, true, "");

        static Result failed(String message) {
            return new Result(false, true, message);
        }

        static Result errored(String message) {
            return new Result(false, false, message);
        }

        /** What an event says of it, behind which probe it was. */
        String words() {
            return (asked ? "failed: " : "errored and resulted in unknown state: ") + message;
        }
    }

    /**
     * Asks, by what stands in the probe.
     *
     * @param patience after which the answer is no
     */
    static Result ask(JsonNode probe, Container container, ContainerProcess life, Duration patience)
            throws InterruptedException {
        int timeout = (int) Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE);
        String unknown = unknownPort(probe, container.spec());
        if (unknown != null) {
            return Result.errored("strconv.Atoi: parsing \"" + unknown + "\": invalid syntax");
        }
        if (probe.has("httpGet")) {
            return HttpProbe.ask(probe.path("httpGet"), container, timeout);
        }
        if (probe.has("tcpSocket")) {
            return tcp(probe.path("tcpSocket"), container, timeout);
        }
        return probe.has("exec")
                ? exec(probe.path("exec"), container, life, timeout)
                : GrpcProbe.ask(probe.path("grpc"), container, timeout);
    }

    /** The name that the probe asks at and the container has no port of; null where there is none such. */
    private static @Nullable String unknownPort(JsonNode probe, JsonNode container) {
        for (String kind : List.of("httpGet", "tcpSocket")) {
            JsonNode port = probe.path(kind).path("port");
            if (port.isString() && port(port, container) == 0) {
                return port.stringValue();
            }
        }
        return null;
    }

    /** 0 where the container has none of that name. */
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

    static String host(JsonNode action, String podIp) {
        String host = Trees.text(action, "host");
        return host.isEmpty() ? podIp : host;
    }

    private static Result tcp(JsonNode action, Container container, int timeout) {
        String host = host(action, container.podIp());
        int port = port(action.path("port"), container.spec());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), timeout);
            return Result.OK;
        } catch (IOException e) {
            return Result.failed("dial tcp " + host + ":" + port + ": " + reason(e));
        }
    }

    static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("refused")) {
            return "connect: connection refused";
        }
        return message.contains("timed out") ? "i/o timeout" : message;
    }

    /** What the command printed is what is told of its failure. */
    private static Result exec(
            JsonNode action, Container container, ContainerProcess life, int timeout)
            throws InterruptedException {
        List<String> command = new ArrayList<>();
        action.path("command").forEach(part -> command.add(part.asString("")));
        Path output = null;
        try {
            output = Files.createTempFile(container.directory(), "probe", ".out");
            Process process =
                    life.start(
                            life.beside(command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(output.toFile()));
            boolean ended = false;
            try {
                ended = process.waitFor(timeout, TimeUnit.MILLISECONDS);
            } finally {
                if (!ended) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            }
            if (!ended) {
                return Result.failed(
                        "command timed out: \""
                                + String.join(" ", command)
                                + "\" timed out after "
                                + timeout / 1000
                                + "s");
            }
            return process.exitValue() == 0 ? Result.OK : Result.failed(beginning(output));
        } catch (IOException e) {
            return Result.failed(String.valueOf(e.getMessage()));
        } finally {
            delete(output);
        }
    }

    private static String beginning(Path output) throws IOException {
        try (InputStream in = Files.newInputStream(output)) {
            return new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
        }
    }

    private static void delete(@Nullable Path output) {
        try {
            if (output != null) {
                Files.deleteIfExists(output);
            }
        } catch (IOException goneWithThePod) {
            return;
        }
    }
}
