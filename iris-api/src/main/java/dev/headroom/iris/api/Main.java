package dev.headroom.iris.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headroom.iris.api.http.HttpServer;
import dev.headroom.iris.api.http.HttpSettings;
import dev.headroom.iris.api.model.DecisionTree;
import dev.headroom.iris.api.model.ModelException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;

/**
 * The Iris API's program. Settings come from flags and from the environment ({@link Setting}); it ends with 0 after SIGTERM or
 * SIGINT, with 1 where it can't start, and with 2 for arguments that make no sense.
 */
public final class Main {
    private static final int CANT_START = 1;
    private static final int BAD_USAGE = 2;

    private Main() {}

    /**
     * Serves until it is told to go.
     *
     * @param args settings as flags, or {@code --help}, {@code --check}, {@code --warm-up}
     */
    public static void main(String[] args) {
        try {
            Arguments arguments = Arguments.of(args);
            switch (arguments.mode()) {
                case HELP -> System.out.print(Arguments.help());
                case CHECK, WARM_UP, SERVE -> start(arguments);
            }
        } catch (Arguments.UsageException e) {
            System.err.println("iris-api: " + e.getMessage());
            System.exit(BAD_USAGE);
        } catch (SettingsException | ModelException | IOException | InterruptedException e) {
            System.err.println("iris-api: " + e.getMessage());
            System.exit(CANT_START);
        }
    }

    private static void start(Arguments arguments)
            throws SettingsException, ModelException, IOException, InterruptedException {
        Settings settings = new Settings(arguments.flags(), System.getenv());
        Log log = new Log(System.out, System.err, settings.json(), settings.accessLog());
        HttpSettings http = settings.http(log);
        DecisionTree tree = ModelFile.load(settings.model());
        switch (arguments.mode()) {
            case CHECK ->
                    System.out.println(
                            "iris-api: " + described(settings, tree) + ": can be served");
            case WARM_UP -> warmUp(settings, tree);
            case HELP, SERVE -> serve(settings, http, tree, log);
        }
    }

    /** Does all that a start does, where nobody sees it, so that the start-up cache knows it. */
    private static void warmUp(Settings settings, DecisionTree tree)
            throws IOException, InterruptedException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
        Log log = new Log(nowhere, nowhere, settings.json(), settings.accessLog());
        Shutdown hook = new Shutdown(log);
        Runtime.getRuntime().addShutdownHook(hook);
        WarmUp.run(tree);
        log.started("http://127.0.0.1:0", model(settings), tree, settings);
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private static void serve(Settings settings, HttpSettings http, DecisionTree tree, Log log)
            throws IOException {
        // In place before the first connection can be: whoever sees the server may at once tell it
        // to go.
        Shutdown hook = new Shutdown(log);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It was told to go before it had come.
            return;
        }
        HttpServer server;
        try {
            server = HttpServer.start(http, new IrisService(tree, settings.maxRows()));
        } catch (IOException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
            throw new IOException(
                    "can't listen on " + text(http.address()) + " (HOST, PORT): " + e.getMessage(),
                    e);
        }
        hook.ends(server);
        log.started("http://" + text(server.address()), model(settings), tree, settings);
    }

    private static String described(Settings settings, DecisionTree tree) {
        return model(settings)
                + ", version "
                + tree.version()
                + " with classes "
                + String.join(", ", tree.classNames());
    }

    private static String model(Settings settings) {
        return settings.model().isEmpty() ? ModelFile.BUILT_IN : settings.model();
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
