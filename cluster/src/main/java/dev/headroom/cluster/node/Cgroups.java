package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reading and ending control groups of either version. What is gone counts for nothing. */
final class Cgroups {
    private static final int ROUNDS = 200;

    private Cgroups() {}

    static Map<String, Long> keyed(Path file) {
        Map<String, Long> values = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
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
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException gone) {
            return 0;
        }
    }

    static List<Long> processes(Path group) {
        List<Long> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(group.resolve("cgroup.procs"))) {
                found.add(Long.parseLong(line.strip()));
            }
        } catch (IOException gone) {
            return found;
        }
        return found;
    }

    /** Until none is left: one that forks is met again. */
    static void killAll(Path group) {
        for (int round = 0; round < ROUNDS; round++) {
            List<Long> left = processes(group);
            if (left.isEmpty()) {
                return;
            }
            left.stream().filter(pid -> pid > 1).forEach(pid -> Signals.send(pid, Signals.KILL));
            pause();
        }
    }

    /** The kernel refuses while a process that was ended has not been reaped. */
    static void remove(Path group) {
        for (int round = 0; round < ROUNDS && Files.exists(group); round++) {
            try {
                Files.delete(group);
                return;
            } catch (IOException busy) {
                pause();
            }
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
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
