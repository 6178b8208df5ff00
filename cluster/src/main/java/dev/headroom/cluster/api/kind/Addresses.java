package dev.headroom.cluster.api.kind;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The cluster IPs and node ports that services may take, and which are taken. Safe for use by several threads. */
public final class Addresses {
    public static final int FIRST_PORT = 30_000;
    public static final int LAST_PORT = 32_767;

    private final IntFunction<String> address;
    private final int count;

    /** Which number an address has; filled as addresses are asked for. */
    private final Map<String, Integer> numbers = new HashMap<>();

    private final BitSet ips = new BitSet();
    private final BitSet ports = new BitSet();
    private final RandomGenerator random = RandomGenerator.getDefault();

    /**
     * @param address the n-th cluster IP, from 1
     * @param count how many there are
     */
    public Addresses(IntFunction<String> address, int count) {
        this.address = address;
        this.count = count;
    }

    /** Takes a free cluster IP, at random as upstream; null where all are taken. */
    public synchronized @Nullable String nextIp() {
        int start = random.nextInt(count);
        for (int i = 0; i < count; i++) {
            int number = 1 + (start + i) % count;
            if (!ips.get(number)) {
                ips.set(number);
                return address.apply(number);
            }
        }
        return null;
    }

    /** Whether it is one of those that services may have. */
    public synchronized boolean contains(String ip) {
        return number(ip) != 0;
    }

    private int number(String ip) {
        if (numbers.isEmpty()) {
            for (int number = 1; number <= count; number++) {
                numbers.put(address.apply(number), number);
            }
        }
        return numbers.getOrDefault(ip, 0);
    }

    public synchronized boolean takeIp(String ip) {
        int number = number(ip);
        if (number == 0 || ips.get(number)) {
            return false;
        }
        ips.set(number);
        return true;
    }

    public synchronized void releaseIp(String ip) {
        if (!ip.isEmpty() && !ip.equals("None")) {
            ips.clear(number(ip));
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
}
