package dev.headroom.lab.run;

import java.util.regex.Pattern;
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
    record Impossible(String key, String words) {
        private static final Pattern PERCENTILE = Pattern.compile("p\\d{1,3}(\\.\\d{1,9})?");

        /** Where a percentile is called otherwise than p50 or p99.9; null where it is not. */
        public static @Nullable Impossible percentile(String key, String name) {
            return PERCENTILE.matcher(name).matches()
                    ? null
                    : new Impossible(
                            key + "." + name, "is no percentile; they are called p50 or p99.9");
        }
    }
}
