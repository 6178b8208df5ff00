package dev.headroom.cluster.node;

import java.util.concurrent.TimeUnit;

/** Short waits of what cleans up: also a thread that was interrupted, and is about to end for it, takes its time for them. */
final class Pause {
    private Pause() {}

    static void millis(long millis) {
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = millis; left > 0; ) {
            try {
                Thread.sleep(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
