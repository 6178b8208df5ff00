package dev.headroom.cluster.balancer;

import java.util.concurrent.atomic.LongAdder;

/** What the balancer counted for one port of a service, over all its pods. Written by the event loops, read by anyone. */
public final class ServiceMeter {
    private final LatencyBuckets latencies = new LatencyBuckets();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean notHttp;

    /** From a request's first byte forwarded to its answer's first byte. */
    public LatencyBuckets latencies() {
        return latencies;
    }

    /** Requests whose connection ended before their answer was complete. */
    public long unanswered() {
        return unanswered.sum();
    }

    /** Connections refused because no pod was ready, or none could be reached, or no file descriptor was left. */
    public long refused() {
        return refused.sum();
    }

    /** Whether all that passed was HTTP/1.x; if not, requests and latencies are unknown and must not be shown. */
    public boolean isHttp() {
        return !notHttp;
    }

    void latency(long nanos) {
        latencies.record(nanos);
    }

    void unanswered(int requests) {
        unanswered.add(requests);
    }

    void refuse() {
        refused.increment();
    }

    void notHttp() {
        notHttp = true;
    }
}
