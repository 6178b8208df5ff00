package dev.headroom.cluster.api.kind;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The cluster IPs and node ports that services may take, and which are taken. Safe for use by several threads. */
public final class Addresses {
    public static final int FIRST_PORT = 30_000;
    public static final int LAST_PORT = 32_767;

    private final int network;
    private final int prefix;
    private final String range;
    private final Set<Integer> taken = new HashSet<>();
    private final BitSet ports = new BitSet();
    private final RandomGenerator random = RandomGenerator.getDefault();

    /**
     * @param range of cluster IPs as CIDR, such as {@code 127.5.240.0/20}
     */
    public Addresses(String range) {
        this.range = range;
        int slash = range.indexOf('/');
        Integer base = slash < 0 ? null : number(range.substring(0, slash));
        if (base == null) {
            throw new IllegalArgumentException(
                    "service range " + range + ": expected an IPv4 CIDR such as 127.5.240.0/20");
        }
        this.network = base;
        this.prefix = Integer.parseInt(range.substring(slash + 1));
    }

    public String range() {
        return range;
    }

    /** Takes a free cluster IP, at random as upstream; null where all are taken. */
    public synchronized @Nullable String nextIp() {
        int size = 1 << (32 - prefix);
        int start = random.nextInt(size);
        for (int i = 0; i < size; i++) {
            int offset = (start + i) % size;
            // The network's first address, its second (the API's own) and its last are nobody's.
            if (offset > 1 && offset < size - 1 && taken.add(network + offset)) {
                return text(network + offset);
            }
        }
        return null;
    }

    public boolean contains(String ip) {
        Integer number = number(ip);
        return number != null && (number >>> (32 - prefix)) == (network >>> (32 - prefix));
    }

    public synchronized boolean takeIp(String ip) {
        Integer number = number(ip);
        return number != null && taken.add(number);
    }

    public synchronized void releaseIp(String ip) {
        Integer number = number(ip);
        if (number != null) {
            taken.remove(number);
        }
    }

    /** Takes a free node port; 0 where all are taken. */
    public synchronized int nextPort() {
        int size = LAST_PORT - FIRST_PORT + 1;
        int start = random.nextInt(size);
        for (int i = 0; i < size; i++) {
            int port = FIRST_PORT + (start + i) % size;
            if (takePort(port)) {
                return port;
            }
        }
        return 0;
    }

    public synchronized boolean takePort(int port) {
        if (ports.get(port)) {
            return false;
        }
        ports.set(port);
        return true;
    }

    public synchronized void releasePort(int port) {
        ports.clear(port);
    }

    private static @Nullable Integer number(String ip) {
        if (!ip.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            return null;
        }
        int number = 0;
        for (String part : ip.split("\\.")) {
            int value = Integer.parseInt(part);
            if (value > 255) {
                return null;
            }
            number = number << 8 | value;
        }
        return number;
    }

    private static String text(int number) {
        byte[] bytes = {
            (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
        };
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
