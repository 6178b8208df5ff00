package dev.headroom.lab.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The one way in which the files of a run directory are written: the same value always gives the same bytes. */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .changeDefaultPropertyInclusion(
                            p -> p.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .build();

    private Json() {}

    /** One line a value, as in {@code 4-observations.jsonl}. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * The value itself, once every part of it that may not be null is there.
     *
     * @throws IncompleteException naming the first part that is missing
     */
    static <T> T complete(T value) {
        String missing = missing(value, "");
        if (missing != null) {
            throw new IncompleteException("\"" + missing + "\" is missing");
        }
        return value;
    }

    private static @Nullable String missing(Object value, String path) {
        if (value instanceof Collection<?> items) {
            int i = 0;
            for (Object item : items) {
                String missing = missing(item, path + "[" + i++ + "]");
                if (missing != null) {
                    return missing;
                }
            }
        }
        if (!(value instanceof Record)) {
            return null;
        }
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
            Object part = part(value, component);
            if (part == null) {
                if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    return name;
                }
                continue;
            }
            String missing = missing(part, name);
            if (missing != null) {
                return missing;
            }
        }
        return null;
    }

    private static @Nullable Object part(Object value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't read " + component, e);
        }
    }

    /** A value lacks a part. */
    static final class IncompleteException extends JacksonException {
        private static final long serialVersionUID = 1L;

        IncompleteException(String message) {
            super(message);
        }
    }

    /** Indented, with a line feed at the end, as people read it. */
    public static byte[] pretty(Object value) {
        return (MAPPER.writerWithDefaultPrettyPrinter()
                                .writeValueAsString(value)
                                .replace("\r\n", "\n")
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
