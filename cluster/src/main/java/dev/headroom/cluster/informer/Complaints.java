package dev.headroom.cluster.informer;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a queue says that something fails again and again: not before the fourth time, since a conflict or two is how controllers work; of one key at the fourth time, the eighth, the
 * sixteenth and so on; and of all keys together at intervals that double from a second to five minutes, since what hits one of many objects mostly hits them all. Thread-safe.
 */
final class Complaints {
    private static final int FIRST = 4;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final LongSupplier nanoTime;
    private Duration interval = Duration.ZERO;
    private long last;
    private long unsaid;

    Complaints(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Something failed.
     *
     * @param count how often by now, one after the other
     * @return what to say of it; null where it is not the time
     */
    synchronized @Nullable String failed(String key, int count) {
        if (count < FIRST || Integer.bitCount(count) != 1) {
            return null;
        }
        long now = nanoTime.getAsLong();
        if (!interval.isZero() && now - last < interval.toNanos()) {
            unsaid++;
            return null;
        }
        String others =
                unsaid == 0
                        ? ""
                        : " (and "
                                + (unsaid == 1 ? "one more failure" : unsaid + " more failures")
                                + " that came too fast to be said)";
        interval = next(interval);
        last = now;
        unsaid = 0;
        return key + " failed for the " + ordinal(count) + " time" + others;
    }

    /** Nothing fails any more: the next failure is news again. */
    synchronized void allWell() {
        interval = Duration.ZERO;
    }

    private static Duration next(Duration interval) {
        Duration doubled = interval.isZero() ? SHORTEST : interval.multipliedBy(2);
        return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }

    /** {@code 1st}, {@code 2nd}, {@code 11th}, {@code 31st}. */
    static String ordinal(int number) {
        boolean teen = number / 10 % 10 == 1;
        return number
                + switch (teen ? 0 : number % 10) {
                    case 1 -> "st";
                    case 2 -> "nd";
                    case 3 -> "rd";
                    default -> "th";
                };
    }
}
