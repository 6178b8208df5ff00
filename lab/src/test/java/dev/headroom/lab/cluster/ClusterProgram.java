package dev.headroom.lab.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./headroom cluster} as a user starts it, with a kubectl for it and an eye on all that it has. */
final class ClusterProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern SERVER = Pattern.compile("server: https://127\\.(\\d+)\\.0\\.1");

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path said;
    private final Process process;
    private Path kubeconfig = Path.of("");

    private ClusterProgram(Path said, Process process) {
        this.said = said;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param room where this user's folders are
     * @param before what comes before the command, such as what makes it another user's
     * @param environment variables; an empty one is taken away
     */
    static ClusterProgram start(
            Installation installation,
            Path room,
            List<String> before,
            Map<String, String> environment)
            throws IOException {
        // A build that runs in the background may have been told to ignore these, and a JVM minds
        // that.
        List<String> command =
                new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT,HUP,TERM"));
        command.addAll(before);
        command.addAll(List.of(installation.home.resolve("headroom").toString(), "cluster"));
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        Map<String, String> variables = builder.environment();
        variables.put("HEADROOM_BUILD", "no");
        variables.put("XDG_RUNTIME_DIR", folder(room, "runtime"));
        variables.put("HOME", folder(room, "home"));
        variables.put("HEADROOM_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder(room, "temporary"));
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                variables.remove(name);
            } else {
                variables.put(name, value);
            }
        });
        Path said = room.resolve("said-" + NUMBER.incrementAndGet());
        return new ClusterProgram(said, builder.redirectError(said.toFile()).start());
    }

    private static String folder(Path room, String name) throws IOException {
        return Files.createDirectories(room.resolve(name)).toString();
    }

    /** Waits until its API answers. */
    ClusterProgram ready() throws IOException {
        BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("it did not start: " + said());
        }
        kubeconfig = Path.of(line);
        return this;
    }

    String said() throws IOException {
        return Files.readString(said);
    }

    long pid() {
        return process.pid();
    }

    void signal(String name) throws IOException, InterruptedException {
        kill(name, process.pid());
    }

    static void kill(String signal, long... pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        for (long pid : pids) {
            command.add(Long.toString(pid));
        }
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end within " + PATIENCE);
        }
        return process.exitValue();
    }

    String kubectl(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        Process kubectl = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = kubectl.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        kubectl.waitFor();
        return output;
    }

    /** Waits for something that happens by itself, asking again and again. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            pause();
        }
    }

    /** Between two askings: what is waited for wants the CPU too. */
    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The folders of this user's clusters. */
    static List<Path> folders(Path room) {
        List<Path> found = new ArrayList<>();
        try (var parents = Files.newDirectoryStream(room.resolve("runtime"))) {
            for (Path parent : parents) {
                try (DirectoryStream<Path> own = Files.newDirectoryStream(parent)) {
                    own.forEach(found::add);
                }
            }
        } catch (IOException gone) {
            return found;
        }
        return found;
    }

    /** The 127.B of a cluster, or nothing where it has none yet. */
    static String block(Path folder) {
        try {
            Matcher server = SERVER.matcher(Files.readString(folder.resolve("kubeconfig")));
            return server.find() ? "127." + server.group(1) + "." : "";
        } catch (IOException notYet) {
            return "";
        }
    }

    Path folder() {
        return Objects.requireNonNull(kubeconfig.getParent(), "it is not ready");
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
