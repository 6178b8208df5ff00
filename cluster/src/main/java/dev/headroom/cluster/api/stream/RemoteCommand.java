package dev.headroom.cluster.api.stream;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.objects.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A command in a pod, its standard streams joined to a client's; in the end the client is told how it went. */
final class RemoteCommand {
    /**
     * The client's ends of the streams; null for those it has not asked for.
     *
     * @param error takes the {@code v1 Status} in which it ends
     * @param resizes brings the terminal's sizes, as JSON objects
     */
    record Client(
            @Nullable InputStream stdin,
            @Nullable OutputStream stdout,
            @Nullable OutputStream stderr,
            OutputStream error,
            @Nullable InputStream resizes) {}

    private final Upgrades.Start start;
    private final AtomicReference<@Nullable Execution> running = new AtomicReference<>();
    private volatile boolean gone;

    RemoteCommand(Upgrades.Start start) {
        this.start = start;
    }

    /** The client has gone: the command has nobody to run for. */
    void gone() {
        gone = true;
        Execution execution = running.get();
        if (execution != null) {
            Thread.ofVirtual().start(execution::close);
        }
    }

    /** Runs it to its end. */
    void run(Client client) throws IOException, InterruptedException {
        ObjectNode status;
        try (Execution execution = start.start()) {
            running.set(execution);
            if (gone) {
                return;
            }
            status = ended(join(execution, client));
        } catch (IOException e) {
            status = Statuses.internal(String.valueOf(e.getMessage())).status();
        }
        client.error().write(Json.bytes(status));
        client.error().close();
    }

    private static int join(Execution execution, Client client) throws InterruptedException {
        List<Thread> outputs = new ArrayList<>();
        outputs.add(output(execution.stdout(), client.stdout()));
        outputs.add(output(execution.stderr(), client.stderr()));
        InputStream stdin = client.stdin();
        if (stdin != null) {
            Thread.ofVirtual().start(() -> input(stdin, execution.stdin()));
        }
        InputStream resizes = client.resizes();
        if (resizes != null) {
            Thread.ofVirtual().start(() -> resize(resizes, execution));
        }
        int code = execution.await();
        for (Thread output : outputs) {
            output.join();
        }
        return code;
    }

    private static Thread output(InputStream from, @Nullable OutputStream to) {
        return Thread.ofVirtual()
                .start(() -> {
                    try (from;
                            OutputStream end = to == null ? OutputStream.nullOutputStream() : to) {
                        Pipes.copy(from, end);
                    } catch (IOException clientGone) {
                        return; // then the command is ended
                    }
                });
    }

    private static void input(InputStream from, OutputStream to) {
        try (from;
                to) {
            Pipes.copy(from, to);
        } catch (IOException over) {
            return; // the command does not read any more, or the client has gone
        }
    }

    private static void resize(InputStream resizes, Execution execution) {
        try (var sizes = Json.MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(resizes)) {
            while (sizes.hasNext()) {
                JsonNode size = sizes.next();
                execution.resize(
                        (int) Json.integer(size, 80, "Width"),
                        (int) Json.integer(size, 24, "Height"));
            }
        } catch (JacksonException | IOException | UncheckedIOException over) {
            return; // the client has gone
        }
    }

    private static ObjectNode ended(int code) {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        if (code == 0) {
            return status.put("status", "Success");
        }
        status.put("status", "Failure");
        status.put(
                "message",
                "command terminated with non-zero exit code: command terminated with exit code "
                        + code);
        status.put("reason", "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(code));
        return status;
    }
}
