package dev.headroom.benchmarks;

import dev.headroom.cluster.balancer.Backend;
import dev.headroom.cluster.balancer.Balancer;
import dev.headroom.cluster.balancer.ServiceMeter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * The balancer alone, in front of one backend: {@code BalancerServer LISTEN_PORT BACKEND_PORT}, both on 127.0.0.1. Runs until its input
 * ends, then prints how many answers it counted.
 */
public final class BalancerServer {
    private BalancerServer() {}

    public static void main(String[] arguments) throws IOException {
        InetSocketAddress listen = loopback(arguments[0]);
        Backend backend = new Backend(loopback(arguments[1]));
        ServiceMeter meter = new ServiceMeter();
        try (Balancer balancer = Balancer.start(1)) {
            balancer.listen(listen, (client, without) -> backend, meter);
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // Waits for the end of the input.
            }
        }
        System.out.printf(
                Locale.ROOT, "%d answers, %d unanswered%n", backend.answers(2), meter.unanswered());
    }

    private static InetSocketAddress loopback(String port) {
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
    }
}
