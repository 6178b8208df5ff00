package dev.headroom.iris.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged program as a process of its own. */
final class Program implements AutoCloseable {
    static final Path JAR = Path.of("target", "iris-api.jar").toAbsolutePath();
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)");

    private final Process process;
    private final BufferedReader output;

    private Program(Process process) {
        this.process = process;
        this.output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts the jar on a free port, unless the environment says otherwise. */
    static Program start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(command());
        command.addAll(List.of(arguments));
        return start(command, environment);
    }

    /** Under a limit that a shell sets, as {@code ulimit -n 60}. */
    static Program limited(String limit, Map<String, String> environment) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", limit + " && exec \"$@\"", "sh"));
        command.addAll(command());
        return start(command, environment);
    }

    private static List<String> command() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "-Xlog:disable", "-cp", JAR.toString(), "dev.headroom.iris.api.Main");
    }

    static Program start(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PORT", "0");
        builder.environment().putAll(environment);
        return new Program(builder.start());
    }

    /** Waits until it says where it listens. */
    InetSocketAddress address() throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                return new InetSocketAddress("127.0.0.1", Integer.parseInt(address.group(1)));
            }
        }
        throw new IOException("it ended without listening: " + said);
    }

    /** All else it says, until it ends. */
    String rest() throws IOException {
        return String.join("\n", output.readAllLines());
    }

    /** Sends SIGTERM, and leaves the output to be read. */
    void terminate() {
        process.toHandle().destroy();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
