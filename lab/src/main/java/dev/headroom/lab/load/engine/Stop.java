package dev.headroom.lab.load.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The wish that all loops end, and why where something failed. Thread-safe. */
final class Stop {
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile boolean isAsked;
    private @Nullable Throwable failure;

    void ask() {
        isAsked = true;
        asked.countDown();
    }

    /** Asks, since something failed; the first failure stays. */
    void fail(Throwable cause) {
        synchronized (this) {
            failure = failure == null ? cause : failure;
        }
        ask();
    }

    boolean isAsked() {
        return isAsked;
    }

    synchronized @Nullable Throwable failure() {
        return failure;
    }

    void await(long nanos) throws InterruptedException {
        asked.await(nanos, TimeUnit.NANOSECONDS);
    }
}
