package dev.headroom.cluster.api.store;

import dev.headroom.cluster.objects.Watch;
import dev.headroom.cluster.objects.WatchEvent;
import org.jspecify.annotations.Nullable;

/** A watch that can also be waited for with a limit, and asked whether it is over. */
public interface StoreWatch extends Watch {

    /** The next change; null when there was none in time, or none will come any more ({@link #ended}). */
    @Nullable WatchEvent poll(long millis) throws InterruptedException;

    boolean ended();

    /** A BOOKMARK that says up to which revision everything was given; null while changes are still waiting to be read. */
    @Nullable WatchEvent bookmark();
}
