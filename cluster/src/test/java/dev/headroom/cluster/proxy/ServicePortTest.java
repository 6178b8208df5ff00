package dev.headroom.cluster.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.balancer.Backend;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Where a service's connections go. */
class ServicePortTest {
    private static final InetSocketAddress A = new InetSocketAddress("127.9.1.1", 8000);
    private static final InetSocketAddress B = new InetSocketAddress("127.9.1.2", 8000);
    private final ServicePort port = new ServicePort("default", "web", 80);

    private static InetSocketAddress client(int n) {
        return new InetSocketAddress("127.0.0." + n, 40_000 + n);
    }

    private InetSocketAddress picked(int client) {
        Backend backend = port.pick(client(client), Set.of());
        return backend == null ? new InetSocketAddress(0) : backend.address();
    }

    @Test
    void withoutAffinityAnyPodIsMet() {
        port.endpoints(Map.of("a", A, "b", B));
        Set<InetSocketAddress> met = new HashSet<>();
        for (int i = 0; i < 10_000 && met.size() < 2; i++) {
            met.add(picked(1));
        }
        assertThat(met).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void aClientStaysWithItsPodAlsoWhenOthersCome() {
        port.stay(10_800);
        port.endpoints(Map.of("a", A));
        for (int client = 1; client <= 50; client++) {
            assertThat(picked(client)).isEqualTo(A);
        }
        port.endpoints(Map.of("a", A, "b", B));
        for (int client = 1; client <= 50; client++) {
            assertThat(picked(client)).isEqualTo(A);
        }
        port.endpoints(Map.of("b", B));
        assertThat(picked(1)).isEqualTo(B);
        port.stay(null);
        port.endpoints(Map.of("a", A));
        assertThat(picked(1)).isEqualTo(A);
    }

    @Test
    void aClientThatWasAwayForTooLongIsAnybodys() throws UnknownHostException {
        AtomicLong now = new AtomicLong();
        ClientAffinity affinity = new ClientAffinity(60, now::get);
        List<Backend> both = List.of(new Backend(A), new Backend(B));
        InetAddress client = InetAddress.getByName("127.0.0.1");
        Backend first = affinity.pick(client, both);
        Set<Backend> met = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            now.addAndGet(TimeUnit.SECONDS.toNanos(60));
            met.add(affinity.pick(client, both));
        }
        assertThat(met).containsExactly(first);
        for (int i = 0; i < 10_000 && met.size() < 2; i++) {
            now.addAndGet(TimeUnit.SECONDS.toNanos(61));
            met.add(affinity.pick(client, both));
        }
        assertThat(met).hasSize(2);
    }

    @Test
    void aPodMadeAgainUnderItsNameIsMetAtItsNewAddress() {
        port.endpoints(Map.of("a", A));
        port.endpoints(Map.of("a", B));
        assertThat(picked(1)).isEqualTo(B);
    }
}
