package dev.headroom.cluster.informer;

import java.math.BigDecimal;
import java.util.Map;

/** Kubernetes quantities as numbers: {@code 250m} is 0.25, {@code 64Mi} is 67108864. */
public final class Quantities {
    private static final Map<String, BigDecimal> SUFFIXES =
            Map.ofEntries(
                    Map.entry("n", new BigDecimal("1e-9")),
                    Map.entry("u", new BigDecimal("1e-6")),
                    Map.entry("m", new BigDecimal("1e-3")),
                    Map.entry("", BigDecimal.ONE),
                    Map.entry("k", new BigDecimal("1e3")),
                    Map.entry("M", new BigDecimal("1e6")),
                    Map.entry("G", new BigDecimal("1e9")),
                    Map.entry("T", new BigDecimal("1e12")),
                    Map.entry("P", new BigDecimal("1e15")),
                    Map.entry("E", new BigDecimal("1e18")),
                    Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
                    Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
                    Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
                    Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
                    Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
                    Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    private Quantities() {}

    /** Zero where it is none: the API server has refused those before. */
    public static BigDecimal parse(String quantity) {
        int end = quantity.length();
        while (end > 0 && Character.isLetter(quantity.charAt(end - 1))) {
            end--;
        }
        BigDecimal factor = SUFFIXES.get(quantity.substring(end));
        try {
            return factor == null
                    ? new BigDecimal(quantity)
                    : new BigDecimal(quantity.substring(0, end)).multiply(factor);
        } catch (NumberFormatException none) {
            return BigDecimal.ZERO;
        }
    }
}
