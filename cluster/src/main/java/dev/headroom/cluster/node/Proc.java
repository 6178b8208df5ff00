package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Linux tells of processes under {@code /proc}. What is gone while it is read counts for nothing. */
final class Proc {
    private static final Path ROOT = Path.of("/proc");

    private Proc() {}

    /**
     * Times of a process, in seconds.
     *
     * @param running on a CPU
     * @param waiting runnable, and waiting for one
     */
    record Times(double running, double waiting) {}

    static boolean isThere() {
        return Files.isReadable(ROOT.resolve("self/stat"));
    }

    /** Sums of {@code schedstat} over a process' threads. */
    static Times times(long pid) {
        long running = 0;
        long waiting = 0;
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(ROOT.resolve(pid + "/task"))) {
            for (Path thread : threads) {
                try {
                    String text = Text.read(thread.resolve("schedstat"));
                    int space = text.indexOf(' ');
                    running += Long.parseLong(text, 0, space, 10);
                    waiting += Long.parseLong(text, space + 1, text.indexOf(' ', space + 1), 10);
                } catch (IOException threadEnded) {
                    continue;
                }
            }
        } catch (IOException processEnded) {
            return new Times(0, 0);
        }
        return new Times(running / 1e9, waiting / 1e9);
    }

    /** Resident memory in bytes; 0 where the process is gone. */
    static long resident(long pid) {
        try {
            String[] fields = Text.read(ROOT.resolve(pid + "/statm")).split(" ");
            return Long.parseLong(fields[1]) * 4096;
        } catch (IOException gone) {
            return 0;
        }
    }

    /** Resident memory that no file stands behind and nobody shares, in bytes; 0 where the process is gone. */
    static long ownMemory(long pid) {
        try {
            String[] fields = Text.read(ROOT.resolve(pid + "/statm")).split(" ");
            return (Long.parseLong(fields[1]) - Long.parseLong(fields[2])) * 4096;
        } catch (IOException gone) {
            return 0;
        }
    }

    /** CPU time of the children that a process has waited for, and theirs, to a hundredth of a second. */
    static long waitedForNanos(long pid) {
        try {
            String text = Text.read(ROOT.resolve(pid + "/stat"));
            // The name stands in parentheses and may hold anything.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * 10_000_000;
        } catch (IOException gone) {
            return 0;
        }
    }

    static List<Long> children(long pid) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(ROOT.resolve(pid + "/task"))) {
            for (Path thread : threads) {
                String text = Text.read(thread.resolve("children"));
                for (String child : text.isBlank() ? new String[0] : text.strip().split(" ")) {
                    found.add(Long.parseLong(child));
                }
            }
        } catch (NoSuchFileException endedOrNotInThisKernel) {
            ProcessHandle.of(pid)
                    .ifPresent(handle -> handle.children().forEach(c -> found.add(c.pid())));
        } catch (IOException ended) {
            return found;
        }
        return found;
    }

    static String environment(long pid) {
        try {
            return Text.read(ROOT.resolve(pid + "/environ"));
        } catch (IOException goneOrNotOurs) {
            return "";
        }
    }

    static List<Long> all() {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(ROOT, "[0-9]*")) {
            entries.forEach(entry -> found.add(Long.parseLong(entry.getFileName().toString())));
        } catch (IOException noProc) {
            return found;
        }
        return found;
    }
}
