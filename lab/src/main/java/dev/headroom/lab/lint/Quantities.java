package dev.headroom.lab.lint;

import dev.headroom.lab.deploy.Quantity;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Quantities of manifests that nobody has checked yet, and their words. */
final class Quantities {
    private Quantities() {}

    /** Null where there is none, or none that can be understood: the API server will refuse it, in better words. */
    static @Nullable Double number(JsonNode quantity) {
        if (quantity.isContainer()) {
            return null;
        }
        try {
            return Quantity.number(quantity);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /** {@code 500m} of CPU, {@code 256Mi} of memory. */
    static String words(String resource, double amount) {
        if (resource.equals("cpu")) {
            return String.format(Locale.ROOT, "%.0fm", amount * 1000);
        }
        if (resource.equals("memory")) {
            return String.format(Locale.ROOT, "%.0fMi", amount / (1 << 20));
        }
        return String.format(Locale.ROOT, "%.0f", amount);
    }
}
