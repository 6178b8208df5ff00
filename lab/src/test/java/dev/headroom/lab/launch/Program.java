package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The program as users start it: {@code ./headroom}, in a process of its own, with temporary folders of its own, so that what it leaves behind can be told from what
 * others have.
 */
final class Program {
    static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final AtomicInteger STARTS = new AtomicInteger();

    private final Path workingDirectory;
    private final Path temporary;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<Process> started = new ArrayList<>();
    private final Set<String> clusters = new TreeSet<>();
    private List<String> wrapper = List.of();

    /**
     * @param folder holds the working directory {@code work} and the temporary folders
     */
    Program(Path folder) throws IOException {
        this.workingDirectory = Files.createDirectories(folder.resolve("work"));
        this.temporary = Files.createDirectories(folder.resolve("tmp"));
        // Maven has just packaged what is to be run: a build inside of the build would change it
        // under the tests.
        environment.put("HEADROOM_BUILD", "no");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("TMPDIR", temporary.toString());
        environment.put("XDG_RUNTIME_DIR", temporary.toString());
        environment.put("HEADROOM_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    }

    Program with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Starts it by another command, such as one that sets a limit first. */
    Program through(String... command) {
        wrapper = List.of(command);
        return this;
    }

    Path workingDirectory() {
        return workingDirectory;
    }

    Run start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(HOME.resolve("headroom").toString());
        command.addAll(List.of(arguments));
        Path output = temporary.resolveSibling("output-" + STARTS.incrementAndGet() + ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HEADROOM_"));
        builder.environment().putAll(environment);
        Process process =
                builder.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .start();
        started.add(process);
        return new Run(process, output, workingDirectory, this::noteClusters);
    }

    /** Runs it to its end. */
    Run run(String... arguments) throws IOException, InterruptedException {
        Run run = start(arguments);
        run.exitCode();
        return run;
    }

    /** Every process that was started here or by what was started here, itself included. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }

    ProcessHandle process(String name) {
        return processes().stream()
                .filter(p -> p.info().command().orElse("").endsWith("/" + name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of ours runs " + name));
    }

    private boolean isOurs(ProcessHandle process) {
        try {
            Path file = Path.of("/proc", String.valueOf(process.pid()), "environ");
            return ("\0" + Files.readString(file, StandardCharsets.ISO_8859_1))
                    .contains("\0TMPDIR=" + temporary + "\0");
        } catch (IOException gone) {
            return false;
        }
    }

    /** No process, no temporary file or folder, no control group. */
    void assertNothingIsLeft() throws IOException, InterruptedException {
        // The parent sees a child's end a moment before the system has taken it off its list.
        await("processes of ours to be gone", () -> processes().isEmpty());
        assertThat(groups()).as("control groups").isEmpty();
        try (var left = Files.walk(temporary)) {
            assertThat(left.filter(Files::isRegularFile)).as("temporary files").isEmpty();
        }
        try (var left = Files.walk(temporary)) {
            assertThat(left.filter(p -> temporary.relativize(p).getNameCount() > 1))
                    .as("temporary folders")
                    .isEmpty();
        }
    }

    /** What runs now has a folder of its cluster's name; it is to leave no control group of that name. */
    private void noteClusters() {
        try (var folders = Files.walk(temporary, 2)) {
            folders.filter(p -> temporary.relativize(p).getNameCount() == 2)
                    .map(p -> p.getFileName().toString())
                    .filter(name -> name.matches("[0-9a-f]{8}"))
                    .forEach(clusters::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where version 1 has its controllers, and the root of version 2. */
    private List<Path> groups() {
        return clusters.stream()
                .flatMap(id ->
                        Stream.of("cpu", "cpuacct", "memory", ".")
                                .map(c -> Path.of("/sys/fs/cgroup", c, "headroom-" + id)))
                .filter(Files::exists)
                .toList();
    }

    /** Ends whatever still runs, so that a test that failed disturbs no other: in order, so that it leaves nothing, and by force what does not obey. */
    void endAll() {
        started.forEach(Process::destroy);
        try {
            for (Process process : started) {
                process.waitFor(30, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        processes().forEach(ProcessHandle::destroyForcibly);
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long for " + what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    /** One start of it. */
    record Run(Process process, Path output, Path workingDirectory, Runnable noteClusters) {

        int exitCode() throws InterruptedException, IOException {
            if (!process.waitFor(3, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("headroom did not end; it printed:\n" + printed());
            }
            return process.exitValue();
        }

        String printed() throws IOException {
            return Files.exists(output) ? Files.readString(output) : "";
        }

        void awaitPrinted(String text) throws InterruptedException, IOException {
            await("\"" + text + "\" in the output", () -> has(output, text) || !process.isAlive());
            assertThat(printed()).contains(text);
        }

        /** Until the load has begun. */
        void awaitLoad() throws InterruptedException, IOException {
            await("the load", () -> loadHasBegun() || !process.isAlive());
            assertThat(process.isAlive()).as(printed()).isTrue();
        }

        private boolean loadHasBegun() {
            try {
                return has(runDirectory().resolve("4-observations.jsonl"), "\"load-start\"");
            } catch (IOException | IllegalStateException notYet) {
                return false;
            }
        }

        static boolean has(Path file, String text) {
            try {
                return Files.exists(file) && Files.readString(file).contains(text);
            } catch (IOException notYet) {
                return false;
            }
        }

        void signal(String name) throws IOException, InterruptedException {
            noteClusters.run();
            Process kill =
                    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                            .inheritIO()
                            .start();
            assertThat(kill.waitFor()).isZero();
        }

        /** The only run directory under {@code runs/}. */
        Path runDirectory() throws IOException {
            try (var runs = Files.list(workingDirectory.resolve("runs"))) {
                List<Path> found = runs.filter(Files::isDirectory).toList();
                if (found.size() != 1) {
                    throw new IllegalStateException("expected one run directory, found " + found);
                }
                return found.getFirst();
            }
        }
    }
}
