package dev.headroom.cluster.balancer;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A pod's port as the balancer knows it, with what was counted for it. Written by the event loops, read by anyone. */
public final class Backend {
    private final InetSocketAddress address;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder connections = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();

    /** By the status code's first digit, 2 to 5. */
    private final LongAdder[] answers = {
        new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder()
    };

    public Backend(InetSocketAddress address) {
        this.address = address;
    }

    public InetSocketAddress address() {
        return address;
    }

    public int openConnections() {
        return open.get();
    }

    /** Connections ever established to it. */
    public long connections() {
        return connections.sum();
    }

    public long connectFailures() {
        return connectFailures.sum();
    }

    /** Complete answers whose status code begins with this digit, 2 to 5. */
    public long answers(int firstDigit) {
        return answers[firstDigit - 2].sum();
    }

    /** Bytes from clients to it. */
    public long bytesReceived() {
        return received.sum();
    }

    /** Bytes from it to clients. */
    public long bytesSent() {
        return sent.sum();
    }

    void connected() {
        open.incrementAndGet();
        connections.increment();
    }

    void disconnected() {
        open.decrementAndGet();
    }

    void connectFailed() {
        connectFailures.increment();
    }

    /** A final answer is complete; interim ones and switches of protocol (1xx) are none. */
    void answered(int status) {
        if (status >= 200) {
            answers[status / 100 - 2].increment();
        }
    }

    void moved(boolean toPod, int bytes) {
        (toPod ? received : sent).add(bytes);
    }
}
