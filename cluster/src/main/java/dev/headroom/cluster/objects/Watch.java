package dev.headroom.cluster.objects;

import org.jspecify.annotations.Nullable;

/** A stream of changes. Read by one thread; closed by any. */
public interface Watch extends AutoCloseable {
    /** Waits for the next change; null once the watch has ended (closed, expired, or dropped as too slow): list and watch again. */
    @Nullable WatchEvent next() throws InterruptedException;

    @Override
    void close();
}
