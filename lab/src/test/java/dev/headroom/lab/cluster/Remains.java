package dev.headroom.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a cluster has left, as the system itself sees it: processes, control groups, listening ports, files. */
final class Remains {
    private Remains() {}

    /** Of the cluster with this id, in words; empty where nothing is left but what stands in the folder of its user. */
    static List<String> of(String id, String block) {
        List<String> found = new ArrayList<>();
        processes(id).forEach(pid -> found.add("process " + pid + ": " + read(pid, "cmdline")));
        found.addAll(groups(id));
        if (!block.isEmpty()) {
            found.addAll(listening(block));
        }
        return found;
    }

    /** Those that carry its mark, and those that were told of its folder. */
    static List<Long> processes(String id) {
        return pids(pid ->
                read(pid, "environ").contains("HEADROOM_CLUSTER=" + id)
                        || read(pid, "cmdline").contains("/" + id));
    }

    static List<Long> wardens(String id) {
        return pids(pid -> {
            String command = read(pid, "cmdline");
            return command.contains("headroom-warden") && command.contains("/" + id);
        });
    }

    private static List<Long> pids(Predicate<Long> wanted) {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .map(Long::valueOf)
                    .filter(wanted)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private static List<String> groups(String id) {
        List<String> found = new ArrayList<>();
        for (String controller : List.of("cpu", "cpuacct", "memory", "unified", ".")) {
            Path path = Path.of("/sys/fs/cgroup", controller, "headroom-" + id);
            if (Files.exists(path)) {
                found.add("control group " + path);
            }
        }
        return found;
    }

    /** Listening sockets in a block, from the kernel's own table; addresses stand there as hexadecimal in the host's byte order. */
    private static List<String> listening(String block) {
        String wanted = String.format("%02X7F:", Integer.parseInt(block.split("\\.")[1]));
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/tcp"))) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(field -> field[3].equals("0A") && field[1].contains(wanted))
                    .map(field -> "listening socket " + field[1])
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files under a folder of its user, in which nothing is to remain. */
    static List<String> files(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !path.equals(folder)).map(Path::toString).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
