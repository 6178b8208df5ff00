package dev.headroom.lab.deploy;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Kubernetes quantities ({@code 250m}, {@code 1Gi}) as numbers. */
public final class Quantity {
    private Quantity() {}

    /** Null where there is none. */
    public static @Nullable Double number(JsonNode quantity) {
        if (quantity.isMissingNode() || quantity.isNull()) {
            return null;
        }
        return number(quantity.asString());
    }

    public static double number(String quantity) {
        return io.fabric8.kubernetes.api.model.Quantity.parse(quantity)
                .getNumericalAmount()
                .doubleValue();
    }
}
