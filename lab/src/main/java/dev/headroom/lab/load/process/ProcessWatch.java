package dev.headroom.lab.load.process;

import dev.headroom.lab.load.LoadRecord.Use;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process seen from outside: its CPU, open files, limit and established connections, from Linux' {@code /proc}; what a system does
 * not tell is null. Not thread-safe.
 */
public final class ProcessWatch {
    public static final String SOURCE =
            "established TCP sockets of the process to the target's port, the most seen in looks at /proc once a second";

    /** {@code USER_HZ}: the unit of /proc/PID/stat on every architecture that Linux runs Java on. */
    private static final double TICKS_PER_SECOND = 100.0;

    private static final String ESTABLISHED = "01";

    private final long pid;
    private final Path folder;
    private final int port;
    private final int asked;
    private final List<Use> uses = new ArrayList<>();
    private double cpuBefore;
    private long nanosBefore;
    private int most = -1;
    private long limit = -1;

    /**
     * @param port the target's
     * @param asked how many connections there should be: once all were seen, they are no longer looked for
     */
    public ProcessWatch(long pid, int port, int asked) {
        this.pid = pid;
        this.folder = Path.of("/proc", Long.toString(pid));
        this.port = port;
        this.asked = asked;
        this.nanosBefore = System.nanoTime();
        this.cpuBefore = cpuSeconds();
    }

    /** Looks at connections only, for a first sight before the first second is over. */
    public void glance() {
        if (limit < 0) {
            limit = readLimit();
        }
        if (most < asked) {
            most = Math.max(most, established());
        }
    }

    /** Looks once, a second or so after the last time; a process that is gone adds nothing. */
    public void look(long at) {
        glance();
        long now = System.nanoTime();
        double cpu = cpuSeconds();
        if (cpu < cpuBefore) {
            return;
        }
        double seconds = (now - nanosBefore) / 1e9;
        uses.add(new Use(at, (cpu - cpuBefore) / seconds, null, openFiles()));
        cpuBefore = cpu;
        nanosBefore = now;
    }

    public List<Use> uses() {
        return List.copyOf(uses);
    }

    /** The most connections that were established at once; null where that can't be seen. */
    public @Nullable Integer most() {
        return most < 0 ? null : Integer.valueOf(most);
    }

    /** The soft limit on open files; 0 where it is not known, {@link Long#MAX_VALUE} where there is none. */
    public long openFilesLimit() {
        return Math.max(0, limit);
    }

    private long readLimit() {
        try {
            for (String line : Files.readAllLines(folder.resolve("limits"))) {
                if (line.startsWith("Max open files")) {
                    String soft = line.substring(14).strip().split(" +")[0];
                    return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
                }
            }
        } catch (IOException gone) {
            return -1;
        }
        return -1;
    }

    /** User and system time of all its threads; less than any before where it is gone. */
    private double cpuSeconds() {
        try {
            String stat = Files.readString(folder.resolve("stat"));
            // The name, in parentheses, may hold anything; behind it are the fields from the third.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException notLinux) {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().totalCpuDuration())
                    .map(Duration::toNanos)
                    .map(nanos -> nanos / 1e9)
                    .orElse(-1.0);
        }
    }

    private @Nullable Integer openFiles() {
        try {
            long size = Files.size(folder.resolve("fd")); // Linux 6.2 and later count here.
            return size > 0 ? (int) size : sockets(false).size();
        } catch (IOException gone) {
            return null;
        }
    }

    /** Names of its open files, or the inodes of its sockets. */
    private Set<String> sockets(boolean inodes) throws IOException {
        Set<String> found = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve("fd"))) {
            for (Path file : files) {
                if (!inodes) {
                    found.add(file.toString());
                    continue;
                }
                String target = target(file);
                if (target.startsWith("socket:[")) {
                    found.add(target.substring(8, target.length() - 1));
                }
            }
        }
        return found;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private int established() {
        try {
            Set<String> own = sockets(true);
            return established("net/tcp", own) + established("net/tcp6", own);
        } catch (IOException gone) {
            return -1;
        }
    }

    private int established(String table, Set<String> own) throws IOException {
        Path file = folder.resolve(table);
        if (!Files.exists(file)) {
            return 0;
        }
        String remotePort = String.format(Locale.ROOT, ":%04X", port);
        int count = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // Fields: slot, local address, remote address, state, six others, inode.
                String[] fields = line.strip().split(" +", 11);
                if (fields.length > 9
                        && fields[3].equals(ESTABLISHED)
                        && fields[2].endsWith(remotePort)
                        && own.contains(fields[9])) {
                    count++;
                }
            }
        }
        return count;
    }
}
