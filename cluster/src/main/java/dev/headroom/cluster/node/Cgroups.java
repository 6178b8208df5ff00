package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reading and ending control groups of either version. What is gone counts for nothing. */
final class Cgroups {
    /** An ended process of many pages takes its time to be gone, and the more so the fewer CPU its group has. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Cgroups() {}

    static Map<String, Long> keyed(Path file) {
        Map<String, Long> values = new HashMap<>();
        try {
            for (String line : Text.lines(file)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    values.put(
                            line.substring(0, space),
                            Long.parseLong(line.substring(space + 1).strip()));
                }
            }
        } catch (IOException | NumberFormatException gone) {
            return values;
        }
        return values;
    }

    static long number(Path file) {
        try {
            return Long.parseLong(Text.read(file).strip());
        } catch (IOException | NumberFormatException gone) {
            return 0;
        }
    }

    static List<Long> processes(Path group) {
        List<Long> found = new ArrayList<>();
        try {
            for (String line : Text.lines(group.resolve("cgroup.procs"))) {
                found.add(Long.parseLong(line.strip()));
            }
        } catch (IOException gone) {
            return found;
        }
        return found;
    }

    /** Until none is left: one that forks is met again. */
    static void killAll(Path group) {
        for (long end = System.nanoTime() + PATIENCE_NANOS; System.nanoTime() < end; ) {
            List<Long> left = processes(group);
            if (left.isEmpty()) {
                return;
            }
            left.stream().filter(pid -> pid > 1).forEach(pid -> Signals.send(pid, Signals.KILL));
            pause();
        }
    }

    /** The kernel refuses while a process that was ended has not been reaped. What stays is for the next start's {@link Sweep}. */
    static void remove(Path group) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (Files.exists(group) && System.nanoTime() < end) {
            try {
                Files.delete(group);
                return;
            } catch (DirectoryNotEmptyException notAKernels) {
                return;
            } catch (IOException busy) {
                pause();
            }
        }
    }

    /** Makes a group in one that must be there: after the parent's removal nothing may bring it back. */
    static Path make(Path group) throws IOException {
        try {
            return Files.createDirectory(group);
        } catch (FileAlreadyExistsException before) {
            return group;
        }
    }

    /** A group with the groups in it, and all their processes. */
    static void removeWithAllIn(Path group) {
        if (!Files.isDirectory(group)) {
            return;
        }
        try (var children = Files.newDirectoryStream(group, Files::isDirectory)) {
            children.forEach(Cgroups::removeWithAllIn);
        } catch (IOException gone) {
            return;
        }
        killAll(group);
        remove(group);
    }

    private static void pause() {
        Pause.millis(5);
    }
}
