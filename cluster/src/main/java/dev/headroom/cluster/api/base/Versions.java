package dev.headroom.cluster.api.base;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Resource versions as clients send them: opaque to them, 64 bits without a sign to the server. */
public final class Versions {
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int SURELY_LONG = 18;
    private static final BigInteger LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private Versions() {}

    /** What a text stands for: 0 where nothing is said, null where it is no version. One that no store will come to is the largest. */
    public static @Nullable Long of(String text) {
        if (text.isEmpty()) {
            return 0L;
        }
        if (fault(text) != null) {
            return null;
        }
        return text.length() <= SURELY_LONG
                ? Long.parseLong(text)
                : new BigInteger(text).min(LONG).longValue();
    }

    /** What is wrong with it, as Go's strconv says it; null for nothing. */
    public static @Nullable String fault(String text) {
        String fault = null;
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            fault = "invalid syntax";
        } else if (text.length() > SURELY_LONG && new BigInteger(text).compareTo(MOST) > 0) {
            fault = "value out of range";
        }
        return fault == null
                ? null
                : "strconv.ParseUint: parsing " + Cause.quote(text) + ": " + fault;
    }
}
