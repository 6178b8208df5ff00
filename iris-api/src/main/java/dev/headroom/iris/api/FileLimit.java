package dev.headroom.iris.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many connections this process can have open: each costs a descriptor, and some heap. */
final class FileLimit {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String OPEN_FILES = "Max open files";

    /** The JVM's own files and the listener, with some to spare. */
    private static final int OWN = 64;

    /** What is counted for a connection; it is less in truth, and half of the heap is for other things. */
    private static final int HEAP_BYTES = 1024;

    private static final int LEAST = 16;
    private static final int UNKNOWN = 4096;
    private static final int MAX_RESERVE = 256;

    private FileLimit() {}

    /** What is left when the program has what it needs, and {@link #reserve} is put aside. */
    static int connections() {
        long byFiles = files() - OWN;
        long byHeap = Runtime.getRuntime().maxMemory() / 2 / HEAP_BYTES;
        int most = (int) Math.max(LEAST, Math.min(byFiles, byHeap));
        return Math.max(LEAST, most - reserve(most));
    }

    /** Descriptors for connections that are accepted only to be refused. */
    static int reserve(int connections) {
        return Math.clamp(connections / 8, LEAST, MAX_RESERVE);
    }

    /** The soft limit, which the JVM has raised as far as it may. */
    private static long files() {
        try {
            for (String line : Files.readAllLines(LIMITS)) {
                if (line.startsWith(OPEN_FILES)) {
                    String soft = line.substring(OPEN_FILES.length()).trim().split(" +", 2)[0];
                    return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
                }
            }
        } catch (IOException e) {
            // Another system: a number that is common.
        }
        return UNKNOWN;
    }
}
