package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Statuses;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request, whole.
 *
 * @param path percent-decoded, without query
 * @param header a header's value by its name, null where there is none
 */
record Request(
        String method,
        String path,
        Map<String, List<String>> query,
        Function<String, @Nullable String> header,
        byte[] body) {

    static Request of(
            String method, String target, Function<String, @Nullable String> header, byte[] body) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : target.substring(mark + 1).split("&")) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String key = decode(equals < 0 ? pair : pair.substring(0, equals));
                    String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                    query.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
                }
            }
        }
        return new Request(method, decode(path.replace("+", "%2B")), query, header, body);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Statuses.badRequest("the request's target has a bad escape: " + text);
        }
    }

    String head(String name) {
        String value = header.apply(name);
        return value == null ? "" : value;
    }

    /** The media type of the body, without parameters. */
    String contentType() {
        return head("Content-Type").split(";")[0].strip();
    }

    @Nullable String parameter(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.getFirst();
    }

    /** As upstream reads flags: set unless they say no, in whatever case ({@code watch=True} is Python's). */
    boolean flag(String name) {
        String value = parameter(name);
        return value != null && !value.equals("0") && !value.equalsIgnoreCase("false");
    }

    @Nullable Long number(String name) {
        String value = parameter(name);
        if (value == null || value.isEmpty()) {
            return null;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            boolean tooLarge = value.matches("[+-]?[0-9]+");
            throw Statuses.badRequest(
                    "strconv.ParseInt: parsing "
                            + Cause.quote(value)
                            + (tooLarge ? ": value out of range" : ": invalid syntax"));
        }
    }
}
