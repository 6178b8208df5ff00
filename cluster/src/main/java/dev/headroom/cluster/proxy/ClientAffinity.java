package dev.headroom.cluster.proxy;

import dev.headroom.cluster.balancer.Backend;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Session affinity by client address, as kube-proxy has it: a client's connections go to the pod that had its last one, for as long as that
 * pod is ready and the client has not been away for longer than the service allows. Pods that come later get new clients only.
 */
final class ClientAffinity {
    /** Past this many clients, those that have been away for too long are forgotten. */
    private static final int MANY = 10_000;

    private final int seconds;
    private final LongSupplier nanos;
    private final Map<InetAddress, Stay> stays = new ConcurrentHashMap<>();

    private record Stay(Backend backend, long since) {}

    ClientAffinity(int seconds) {
        this(seconds, System::nanoTime);
    }

    ClientAffinity(int seconds, LongSupplier nanos) {
        this.seconds = seconds;
        this.nanos = nanos;
    }

    int seconds() {
        return seconds;
    }

    /**
     * A pod for a client.
     *
     * @param ready at least one
     */
    Backend pick(InetAddress client, List<Backend> ready) {
        long now = nanos.getAsLong();
        Stay stay = stays.get(client);
        Backend chosen =
                stay != null && isCurrent(stay, now) && ready.contains(stay.backend())
                        ? stay.backend()
                        : ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
        stays.put(client, new Stay(chosen, now));
        if (stays.size() > MANY) {
            stays.values().removeIf(old -> !isCurrent(old, now));
        }
        return chosen;
    }

    private boolean isCurrent(Stay stay, long now) {
        return now - stay.since() <= TimeUnit.SECONDS.toNanos(seconds);
    }
}
