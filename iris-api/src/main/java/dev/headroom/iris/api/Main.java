package dev.headroom.iris.api;

import dev.headroom.iris.api.http.HttpServer;
import dev.headroom.iris.api.http.HttpSettings;
import dev.headroom.iris.api.model.DecisionTree;
import dev.headroom.iris.api.model.ModelException;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The Iris API's program. Settings come from the environment ({@link Settings}); it ends with 0 after SIGTERM or SIGINT, with
 * 1 where it can't start, and with 2 for arguments it does not know.
 */
public final class Main {
    private Main() {}

    /**
     * Serves until it is told to go.
     *
     * @param args none, or {@code --warm-up}: serves itself some requests and ends, which trains a start-up cache
     */
    public static void main(String[] args) {
        boolean warmUp = args.length == 1 && args[0].equals("--warm-up");
        if (args.length > 0 && !warmUp) {
            System.err.println(
                    "iris-api: unknown argument "
                            + args[0]
                            + "; settings come from the environment: HOST, PORT,"
                            + " MAX_CONNECTION_AGE, SHUTDOWN_DELAY, SHUTDOWN_TIMEOUT, EVENT_LOOPS, MODEL");
            System.exit(2);
        }
        try {
            Settings settings = Settings.of(System.getenv());
            DecisionTree tree = ModelFile.load(settings.model());
            if (warmUp) {
                WarmUp.run(tree);
            } else {
                serve(settings, tree);
            }
        } catch (SettingsException | ModelException | IOException | InterruptedException e) {
            System.err.println("iris-api: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void serve(Settings settings, DecisionTree tree) throws IOException {
        HttpServer server;
        HttpSettings http = settings.http();
        try {
            server = HttpServer.start(http, new IrisService(tree));
        } catch (IOException e) {
            throw new IOException(
                    "can't listen on " + text(http.address()) + " (HOST, PORT): " + e.getMessage(),
                    e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(server), "shutdown"));
        System.out.println(
                "iris-api: listening on http://"
                        + text(server.address())
                        + ", model version "
                        + tree.version()
                        + " with classes "
                        + String.join(", ", tree.classNames())
                        + "; connections end after "
                        + http.maxConnectionAge().toSeconds()
                        + " s (0 is never)");
    }

    /** To end by a signal is how a pod ends: the exit code says so, where the JVM alone would say 143. */
    private static void drain(HttpServer server) {
        server.drain();
        try {
            server.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
