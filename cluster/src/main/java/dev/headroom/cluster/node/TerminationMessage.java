package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What one life of a container leaves to be told of its end: a file that it may write, else the end of its log, within the kubelet's bounds. */
final class TerminationMessage {
    private static final String DEFAULT_PATH = "/dev/termination-log";
    private static final int FILE_BYTES = 4096;
    private static final int LOG_BYTES = 2048;
    private static final long LOG_LINES = 80;
    private static final int POD_BYTES = 12 << 10;
    private static final long LOG_MILLIS = 2_000;

    private final Path file;
    private final Path target;
    private final boolean orLog;
    private final int mostBytes;

    private TerminationMessage(Path file, Path target, boolean orLog, int mostBytes) {
        this.file = file;
        this.target = target;
        this.orLog = orLog;
        this.mostBytes = mostBytes;
    }

    /**
     * An empty one.
     *
     * @param folder of this life alone
     */
    static TerminationMessage make(ContainerSpec spec, Path folder) throws IOException {
        String path = Trees.text(spec.tree(), "terminationMessagePath");
        Path file = Files.createDirectories(folder).resolve("termination-message");
        Files.deleteIfExists(file);
        Files.createFile(file);
        // Whoever the program runs as.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        JsonNode pod = spec.pod().path("spec");
        int containers = pod.path("containers").size() + pod.path("initContainers").size();
        return new TerminationMessage(
                file,
                Path.of("/").resolve(path.isEmpty() ? DEFAULT_PATH : path).normalize(),
                Trees.text(spec.tree(), "terminationMessagePolicy").equals("FallbackToLogsOnError"),
                POD_BYTES / Math.max(1, containers));
    }

    /**
     * The file at its path; null where the container cannot mean to write it. A mount namespace costs every start some milliseconds, and
     * all containers have the default path: they are given its file where something of them names it.
     *
     * @param mounts what it has mounted besides
     */
    Mounts.@Nullable Mount mount(
            List<String> command, Map<String, String> environment, List<Mounts.Mount> mounts) {
        if (mounts.stream().anyMatch(mount -> mount.target().equals(target))) {
            return null;
        }
        boolean wanted =
                orLog
                        || !target.equals(Path.of(DEFAULT_PATH))
                        || command.stream().anyMatch(word -> word.contains(DEFAULT_PATH))
                        || environment.values().stream().anyMatch(v -> v.contains(DEFAULT_PATH));
        return wanted ? new Mounts.Mount(file, target, false) : null;
    }

    /**
     * What there is to be told, once no process of the container is left; empty for nothing.
     *
     * @param failed whether it ended badly
     */
    String read(boolean failed, LogFile log) {
        try {
            byte[] said = end();
            if (said.length == 0 && orLog && failed) {
                said = end(log);
            }
            return new String(said, 0, Math.min(said.length, mostBytes), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "Error on reading termination log " + target + ": " + e.getMessage();
        }
    }

    private byte[] end() throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(Math.max(0, in.length() - FILE_BYTES));
            byte[] bytes = new byte[FILE_BYTES];
            int n = in.read(bytes);
            return Arrays.copyOf(bytes, Math.max(0, n));
        }
    }

    private static byte[] end(LogFile log) throws IOException {
        try {
            log.awaitEnd(LOG_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new byte[0];
        }
        LogFile.Selection last = new LogFile.Selection(false, LOG_LINES, null, null);
        try (InputStream in = log.read(last, true)) {
            byte[] bytes = in.readAllBytes();
            return Arrays.copyOfRange(bytes, Math.max(0, bytes.length - LOG_BYTES), bytes.length);
        }
    }
}
