package dev.headroom.autoscaler;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading a JSON value given as maps, lists, strings and numbers. */
final class Tree {
    private Tree() {}

    /** Null where there is none, or it is JSON's null. */
    static @Nullable Object at(@Nullable Object tree, String... path) {
        Object found = tree;
        for (String field : path) {
            found = found instanceof Map<?, ?> map ? map.get(field) : null;
        }
        return found;
    }

    static boolean has(@Nullable Object tree, String... path) {
        return at(tree, path) != null;
    }

    /** Empty where there is none. */
    static String text(@Nullable Object tree, String... path) {
        Object found = at(tree, path);
        return found == null ? "" : found.toString();
    }

    static long integer(@Nullable Object tree, long otherwise, String... path) {
        return at(tree, path) instanceof Number number ? number.longValue() : otherwise;
    }

    static List<?> list(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof List<?> list ? list : List.of();
    }
}
