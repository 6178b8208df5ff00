package dev.headroom.lab.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a run with an embedded cluster takes of this host's CPUs, told to the runs beside it, so that two that begin together do not both plan with all of them.
 *
 * <p>A run listens on an address of its own, {@code 127.0.254.k:26444}, and once it knows how much it takes, on {@code 127.0.254.k:26500 + n} too, with {@code n}
 * in twentieths of a CPU. Nobody connects there: others read {@code /proc/net/tcp}. Sockets need no folder that all users can write to, and are gone with their
 * process, however it ends. Where the addresses or {@code /proc} are missing, runs know nothing of one another.
 */
final class HostShare implements AutoCloseable {
    private static final int MEMBER = 26_444;
    private static final int FIRST = 26_500;
    private static final int UNITS_PER_CPU = 20;
    private static final int MOST_UNITS = 5_000;
    private static final int MOST_RUNS = 254;
    private static final Path SOCKETS = Path.of("/proc/net/tcp");

    /** A listening socket on 127.0.254.k, as the kernel prints it on a little-endian machine: address, port, state 0A. */
    private static final Pattern LISTENING =
            Pattern.compile(" ([0-9A-F]{2})FE007F:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]+ 0A ");

    private final int own;
    private final @Nullable ServerSocketChannel member;
    private @Nullable ServerSocketChannel reservation;

    private HostShare(int own, @Nullable ServerSocketChannel member) {
        this.own = own;
        this.member = member;
    }

    /**
     * What other runs have of this host.
     *
     * @param reserved CPUs that they said they take
     * @param undecided how many have yet to say
     */
    record Others(double reserved, int undecided) {
        static final Others NONE = new Others(0, 0);
    }

    /** From here on others count with this run. */
    static HostShare join() {
        for (int k = 1; k <= MOST_RUNS; k++) {
            ServerSocketChannel socket = listen(k, MEMBER);
            if (socket != null) {
                return new HostShare(k, socket);
            }
        }
        return new HostShare(0, null);
    }

    private static @Nullable ServerSocketChannel listen(int k, int port) {
        try {
            // Of IPv4, not mapped into IPv6: that would stand in another list.
            ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.INET);
            try {
                socket.bind(new InetSocketAddress("127.0.254." + k, port), 1);
                return socket;
            } catch (IOException taken) {
                socket.close();
            }
        } catch (IOException nothingCanBeDone) {
            // Only a courtesy to others is lost.
        }
        return null;
    }

    /** The k of its address; 0 where none could be had. */
    int index() {
        return own;
    }

    Others others() {
        try {
            return others(Files.readAllLines(SOCKETS), own);
        } catch (IOException notLinux) {
            return Others.NONE;
        }
    }

    static Others others(List<String> sockets, int own) {
        Set<Integer> members = new HashSet<>();
        Map<Integer, Integer> units = new HashMap<>();
        for (String line : sockets) {
            Matcher matcher = LISTENING.matcher(line);
            if (matcher.find()) {
                int k = Integer.parseInt(matcher.group(1), 16);
                int port = Integer.parseInt(matcher.group(2), 16);
                if (k != own && port == MEMBER) {
                    members.add(k);
                } else if (k != own && port >= FIRST && port <= FIRST + MOST_UNITS) {
                    units.put(k, port - FIRST);
                }
            }
        }
        members.removeAll(units.keySet());
        int sum = units.values().stream().mapToInt(Integer::intValue).sum();
        return new Others((double) sum / UNITS_PER_CPU, members.size());
    }

    /** Tells others how many CPUs this run takes. */
    void reserve(double cpus) {
        if (member != null) {
            int units = (int) Math.clamp(Math.ceil(cpus * UNITS_PER_CPU), 0, MOST_UNITS);
            reservation = listen(own, FIRST + units);
        }
    }

    @Override
    public void close() {
        close(reservation);
        close(member);
    }

    private static void close(@Nullable ServerSocketChannel socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // It is gone with the process in any case.
        }
    }
}
