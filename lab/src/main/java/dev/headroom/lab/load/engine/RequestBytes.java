package dev.headroom.lab.load.engine;

import dev.headroom.lab.load.lua.ScriptException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The requests that a text holds: how many, and which of them are {@code HEAD}. */
final class RequestBytes {
    private RequestBytes() {}

    /**
     * How many whole requests there are.
     *
     * @throws ScriptException where they are none, or the last is not whole
     */
    static int count(byte[] text) throws ScriptException {
        int count = 0;
        for (int at = 0; at < text.length; count++) {
            int end = end(text, at);
            if (end < 0) {
                throw incomplete(text);
            }
            at = end;
        }
        if (count == 0) {
            throw incomplete(text);
        }
        return count;
    }

    private static ScriptException incomplete(byte[] text) {
        String shown = new String(text, 0, Math.min(text.length, 200), StandardCharsets.ISO_8859_1);
        return new ScriptException("incomplete request: what request() gave is \"" + shown + "\"");
    }

    /** A bit for each request that is {@code HEAD}, the first one lowest. */
    static long heads(byte[] text) {
        long heads = 0;
        int at = 0;
        for (int i = 0; i < Long.SIZE && at >= 0 && at < text.length; i++) {
            heads |= isHead(text, at) ? 1L << i : 0;
            at = end(text, at);
        }
        return heads;
    }

    private static boolean isHead(byte[] text, int at) {
        return text.length - at > 5
                && text[at] == 'H'
                && text[at + 1] == 'E'
                && text[at + 2] == 'A'
                && text[at + 3] == 'D'
                && text[at + 4] == ' ';
    }

    /** Behind a request; -1 where it is not whole. */
    private static int end(byte[] text, int from) {
        String rest = new String(text, from, text.length - from, StandardCharsets.ISO_8859_1);
        int head = rest.indexOf("\r\n\r\n");
        String first = rest.lines().findFirst().orElse("");
        if (head < 0 || !first.matches("[A-Z]+ \\S+ HTTP/1\\.[01]")) {
            return -1;
        }
        long length = 0;
        for (String line : rest.substring(0, head).split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).matches("content-length: *\\d{1,9} *")) {
                length = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        long end = from + head + 4 + length;
        return end > text.length ? -1 : (int) end;
    }
}
