package dev.headroom.lab.run;

import org.jspecify.annotations.Nullable;

/** A value of a run's files that can tell whether it can be: a file that was edited, or damaged so that it is still JSON, is refused by it. */
public interface Plausible {
    /** The first thing in it that no run can have left; null where there is none. */
    @Nullable Impossible impossible();

    /**
     * Something that can't be.
     *
     * @param key its path in the value ({@code windows[3].at})
     * @param words what was found, and what is accepted
     */
    record Impossible(String key, String words) {}
}
