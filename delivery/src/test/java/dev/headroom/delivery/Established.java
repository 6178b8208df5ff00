package dev.headroom.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Connections as the kernel lists them, in IPv4 or in IPv6's form of it, as Java's sockets are. Source: proc(5), /proc/net/tcp. */
final class Established {
    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final String ESTABLISHED = "01";

    private Established() {}

    static boolean areListed() {
        return Files.isReadable(TABLES.getFirst());
    }

    /** How many connections the servers at these IPv4 addresses have on this port. */
    static long at(List<String> addresses, int port) {
        List<String> ends = addresses.stream().map(address -> end(address, port)).toList();
        return TABLES.stream()
                .filter(Files::isReadable)
                .flatMap(Established::rows)
                .filter(row -> row[STATE].equals(ESTABLISHED))
                .filter(row -> ends.stream().anyMatch(row[LOCAL_ADDRESS]::endsWith))
                .count();
    }

    private static Stream<String[]> rows(Path table) {
        try {
            return Files.readAllLines(table).stream().map(line -> line.strip().split("\\s+"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address' bytes from the last to the first, then the port, in hexadecimal. */
    private static String end(String address, int port) {
        String[] bytes = address.split("\\.");
        StringBuilder end = new StringBuilder();
        for (int i = 3; i >= 0; i--) {
            end.append(String.format(Locale.ROOT, "%02X", Integer.parseInt(bytes[i])));
        }
        return end.append(String.format(Locale.ROOT, ":%04X", port)).toString();
    }
}
