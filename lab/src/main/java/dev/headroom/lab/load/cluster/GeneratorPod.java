package dev.headroom.lab.load.cluster;

import dev.headroom.lab.load.Cancellation;
import dev.headroom.lab.load.LoadException;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.load.builtin.BuiltInGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** The program that runs in a generator's pod: waits to be told when to begin, sends its share of the load by the built-in generator, and prints what it measured. */
public final class GeneratorPod {
    /** The pod's own address, as its manifest gives it. */
    static final String ADDRESS = "POD_IP";

    /** The Lua script, in Base64. */
    static final String SCRIPT = "HEADROOM_SCRIPT";

    private final Orders orders;
    private final Map<String, String> environment;
    private final Cancellation cancellation = new Cancellation();

    private GeneratorPod(Orders orders, Map<String, String> environment) {
        this.orders = orders;
        this.environment = environment;
    }

    /**
     * Runs to the end of the load. Whatever comes of it is printed, so that a Job does not end its other pods for one that failed.
     *
     * @param orders as the lab wrote them
     * @throws IllegalArgumentException where the orders can't be read
     */
    public static void run(String orders, Map<String, String> environment, PrintStream out)
            throws IOException, InterruptedException {
        GeneratorPod pod = new GeneratorPod(Orders.read(orders), environment);
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(
                    new Signal(name), signal -> pod.cancellation.cancel("stopped by SIG" + name));
        }
        pod.run().lines().forEach(out::println);
        out.flush();
    }

    private Handover run() throws IOException, InterruptedException {
        String host = environment.getOrDefault(ADDRESS, "");
        InetSocketAddress address =
                host.isEmpty()
                        ? new InetSocketAddress(orders.port())
                        : new InetSocketAddress(host, orders.port());
        Path script = script();
        try (Commands commands = Commands.listen(address, orders.id(), cancellation)) {
            Commands.Told told = commands.await(Duration.ofSeconds(orders.patienceSeconds()));
            if (told == null) {
                return new Handover(
                        null,
                        cancellation.isCancelled()
                                ? cancellation.reason()
                                : "nobody told it to begin for " + orders.patienceSeconds() + " s");
            }
            return new Handover(offer(told, script, commands), null);
        } catch (LoadException e) {
            return new Handover(null, String.valueOf(e.getMessage()));
        } finally {
            remove(script);
        }
    }

    private LoadRecord offer(Commands.Told told, @Nullable Path script, Commands commands)
            throws LoadException {
        long wall = told.wallNanos();
        BuiltInGenerator generator =
                new BuiltInGenerator(
                        () -> Instant.ofEpochMilli((System.nanoTime() + wall) / 1_000_000));
        LoadRecord.Plan whole = orders.plan();
        LoadRecord.Plan share =
                new LoadRecord.Plan(
                        whole.mode(),
                        whole.url(),
                        whole.threads(),
                        told.start().connections(),
                        told.start().ratePerSecond(),
                        whole.durationSeconds(),
                        whole.timeoutSeconds(),
                        whole.script());
        return generator.run(share, script, commands, cancellation, told.startNanos());
    }

    private static void remove(@Nullable Path script) throws IOException {
        Path folder = script == null ? null : script.getParent();
        if (script != null && folder != null) {
            Files.deleteIfExists(script);
            Files.deleteIfExists(folder);
        }
    }

    /** Under its own name, which errors in it tell. */
    private @Nullable Path script() throws IOException {
        String text = environment.get(SCRIPT);
        String name = orders.plan().script();
        return text == null || name == null
                ? null
                : Files.write(
                        Files.createTempDirectory("headroom-").resolve(name),
                        Base64.getDecoder().decode(text));
    }
}
