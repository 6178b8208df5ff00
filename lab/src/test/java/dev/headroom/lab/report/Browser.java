package dev.headroom.lab.report;

import dev.headroom.lab.run.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;

/** A real browser, driven by the scripts in {@code src/test/browser}; without Node.js, npm or Chromium a test that needs it is skipped. */
final class Browser {
    private static final Path SOURCES = Path.of("src/test/browser");
    private static final Path INSTALLED = Path.of("target/browser");
    private static final long MOST_MINUTES = 8;

    private Browser() {}

    /**
     * What is seen in pages; screenshots and PDFs are left beside what it says.
     *
     * @param pages as {@code look.mjs} takes them: {@code name:mode,mode=page.html}
     */
    static JsonNode look(Path folder, List<String> pages) throws IOException, InterruptedException {
        Path node = tool("node");
        Path npm = tool("npm");
        Path chromium =
                Stream.of("chromium", "chromium-browser", "google-chrome")
                        .flatMap(name -> find(name).stream())
                        .findFirst()
                        .orElseGet(() -> tool("chromium"));
        install(npm);
        Path seen = folder.resolve("seen.json");
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(node.toString(), "look.mjs", chromium.toString(), folder.toString()));
        command.addAll(pages);
        String said = run(command, INSTALLED, seen, folder.resolve("browser.log"));
        if (said != null) {
            throw new AssertionError("the browser's driver failed: " + said);
        }
        return Json.mapper().readTree(Files.readString(seen));
    }

    /** With the versions and checksums of the lock file, once for each state of it. */
    private static void install(Path npm) throws IOException, InterruptedException {
        Files.createDirectories(INSTALLED);
        boolean same = Files.exists(INSTALLED.resolve("installed"));
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                Path copy = INSTALLED.resolve(source.getFileName());
                if (source.toString().endsWith(".json")) {
                    same &= Files.exists(copy) && Files.mismatch(source, copy) < 0;
                }
                Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (same) {
            return;
        }
        Files.deleteIfExists(INSTALLED.resolve("installed"));
        List<String> command =
                List.of(npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        String said =
                run(command, INSTALLED, INSTALLED.resolve("npm.out"), INSTALLED.resolve("npm.log"));
        Assumptions.assumeTrue(said == null, () -> "npm ci failed: " + said);
        Files.createFile(INSTALLED.resolve("installed"));
    }

    /** Null where it ended well, else what it said. */
    private static @org.jspecify.annotations.Nullable String run(
            List<String> command, Path directory, Path out, Path log)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(log.toFile())
                        .start();
        if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return "no end after " + MOST_MINUTES + " minutes\n" + Files.readString(log);
        }
        return process.exitValue() == 0 ? null : Files.readString(log);
    }

    private static Path tool(String name) {
        Optional<Path> found = find(name);
        Assumptions.assumeTrue(found.isPresent(), name + " is not on the PATH");
        return found.orElseThrow();
    }

    private static Optional<Path> find(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
