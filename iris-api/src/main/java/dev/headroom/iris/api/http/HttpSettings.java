package dev.headroom.iris.api.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a server is set up.
 *
 * @param address where it listens; port 0 takes a free one
 * @param backlog connections that may wait to be accepted; the kernel may allow fewer (net.core.somaxconn)
 * @param loops event loops, each on a thread of its own
 * @param maxConnectionAge after which a connection ends with its next answer, give or take a quarter; zero is never
 * @param shutdownDelay for how long new connections are still accepted once the server was told to go
 * @param shutdownTimeout after which it goes, whatever is still open
 * @param limits how much clients may ask
 * @param times how long they may take
 * @param log where requests and failures are told
 */
public record HttpSettings(
        InetSocketAddress address,
        int backlog,
        int loops,
        Duration maxConnectionAge,
        Duration shutdownDelay,
        Duration shutdownTimeout,
        Limits limits,
        TimeLimits times,
        ServerLog log) {}
