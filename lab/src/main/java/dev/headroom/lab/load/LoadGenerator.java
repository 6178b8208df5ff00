package dev.headroom.lab.load;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Offers load to a URL and measures what comes back. */
public interface LoadGenerator {
    /**
     * Runs until the plan's duration is over or the cancellation is called for; both give a record of what was measured.
     *
     * @param script a Lua script as wrk takes it; null sends {@code GET} of the plan's URL
     * @param progress gets one call a second while it runs
     * @throws LoadException where nothing could be measured
     */
    LoadRecord run(
            LoadRecord.Plan plan,
            @Nullable Path script,
            LoadProgress progress,
            Cancellation cancellation)
            throws LoadException;
}
