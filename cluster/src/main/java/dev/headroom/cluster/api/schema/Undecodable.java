package dev.headroom.cluster.api.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Why an object cannot be read as its kind: in encoding/json's words, and in those of the converter by which upstream reads what a strategic merge patch or
 * an apply has made of an object ({@code runtime.DefaultUnstructuredConverter}), which names no field.
 */
public final class Undecodable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String converted;

    Undecodable(String why, String converted) {
        super(why);
        this.converted = converted;
    }

    /** Where both say the same. */
    Undecodable(String why) {
        this(why, why);
    }

    /**
     * What a strict decoder says.
     *
     * @param duplicates fields that stood there twice
     * @param unknown fields that are not the kind's
     */
    public static Undecodable strict(List<String> duplicates, List<String> unknown) {
        return new Undecodable(
                strictly(duplicates, unknown),
                strictly(duplicates, unknown.stream().sorted().toList()));
    }

    private static String strictly(List<String> duplicates, List<String> unknown) {
        List<String> all = new ArrayList<>(duplicates);
        all.addAll(unknown);
        return "strict decoding error: " + String.join(", ", all);
    }

    /** In encoding/json's words. */
    public String why() {
        return String.valueOf(getMessage());
    }

    /** In the converter's words. */
    public String converted() {
        return converted;
    }
}
