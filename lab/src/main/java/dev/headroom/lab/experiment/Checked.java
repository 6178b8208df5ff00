package dev.headroom.lab.experiment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of an experiment file whose keys and values are known to have their shapes.
 *
 * <p>Values are {@link Checked} for mappings, {@link Map} for named values, {@link List}, {@link String}, {@link Integer}, {@link Duration}, {@link Double}
 * (a rate per second) or {@link Path} (absolute).
 */
record Checked(Map<String, Object> values) {

    boolean has(String key) {
        return values.containsKey(key);
    }

    <T> T get(String key, Class<T> type) {
        T value = find(key, type);
        if (value == null) {
            throw new IllegalStateException("no " + key + ", though it was checked");
        }
        return value;
    }

    <T> @Nullable T find(String key, Class<T> type) {
        Object value = values.get(key);
        return value == null ? null : type.cast(value);
    }

    <T> T get(String key, Class<T> type, T fallback) {
        T value = find(key, type);
        return value == null ? fallback : value;
    }

    <T> List<T> list(String key, Class<T> type) {
        return find(key, List.class) instanceof List<?> items
                ? items.stream().map(type::cast).toList()
                : List.of();
    }

    /** In the order of the file. */
    Map<?, ?> map(String key) {
        return find(key, Map.class) instanceof Map<?, ?> map ? map : Map.of();
    }
}
