package dev.headroom.lab.cli;

import dev.headroom.lab.load.Cancellation;
import org.jspecify.annotations.Nullable;

/**
 * A person's wish to stop, by signal. What waits is interrupted; a load is asked to end and keeps what it measured; what cleans up is let finish. Thread-safe.
 */
final class Stop {
    private final Cancellation cancellation = new Cancellation();
    private @Nullable Thread waiting;

    Cancellation cancellation() {
        return cancellation;
    }

    boolean asked() {
        return cancellation.isCancelled();
    }

    void ask(String why) {
        cancellation.cancel(why);
        synchronized (this) {
            if (waiting != null) {
                waiting.interrupt();
            }
        }
    }

    /** From here on the current thread only waits and may be interrupted. */
    synchronized void waits() throws InterruptedException {
        if (asked()) {
            throw new InterruptedException(cancellation.reason());
        }
        waiting = Thread.currentThread();
    }

    /** From here on it does something that is to be finished. */
    synchronized void finishes() {
        waiting = null;
        // An interrupt that came too late to be noticed must not hit what follows; the wish itself
        // is kept.
        boolean late = Thread.interrupted();
        if (late && !asked()) {
            Thread.currentThread().interrupt();
        }
    }
}
