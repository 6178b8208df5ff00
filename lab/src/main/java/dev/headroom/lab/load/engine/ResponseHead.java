package dev.headroom.lab.load.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The head of an answer: what tells where the answer ends and whether the connection stays, and for a script all of it. */
final class ResponseHead {
    /** Names and values in turn; empty where nobody wants them. */
    final List<byte[]> headers = new ArrayList<>();

    int status;
    boolean keepAlive;
    boolean chunked;

    /** Whether there is a {@code Content-Length}: {@link #length}. */
    boolean sized;

    long length;
    private final boolean keeps;

    ResponseHead(boolean keeps) {
        this.keeps = keeps;
    }

    /** Where the head ends; -1 where it is not there yet. */
    int parse(byte[] bytes, int from, int to) throws ResponseParser.Malformed {
        int lineEnd = lineEnd(bytes, from, to);
        if (lineEnd < 0) {
            return -1;
        }
        statusLine(bytes, from, lineEnd);
        headers.clear();
        int at = lineEnd + 1;
        while (true) {
            int end = lineEnd(bytes, at, to);
            if (end < 0) {
                return -1;
            }
            int last = end > at && bytes[end - 1] == '\r' ? end - 1 : end;
            if (last == at) {
                return end + 1;
            }
            header(bytes, at, last);
            at = end + 1;
        }
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void statusLine(byte[] bytes, int from, int end) throws ResponseParser.Malformed {
        if (end - from < 12
                || bytes[from] != 'H'
                || bytes[from + 1] != 'T'
                || bytes[from + 2] != 'T'
                || bytes[from + 3] != 'P'
                || bytes[from + 4] != '/'
                || bytes[from + 5] != '1'
                || bytes[from + 6] != '.'
                || bytes[from + 8] != ' ') {
            throw new ResponseParser.Malformed(
                    "an answer does not begin with HTTP/1.x and a status");
        }
        int number = 0;
        for (int i = from + 9; i < from + 12; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                throw new ResponseParser.Malformed(
                        "an answer's status is no number of three digits");
            }
            number = number * 10 + bytes[i] - '0';
        }
        status = number;
        keepAlive = bytes[from + 7] != '0';
        chunked = false;
        sized = false;
        length = 0;
    }

    private void header(byte[] bytes, int from, int end) throws ResponseParser.Malformed {
        int colon = from;
        while (colon < end && bytes[colon] != ':') {
            colon++;
        }
        if (keeps && colon < end) {
            keep(bytes, from, colon, end);
        }
        switch (bytes[from] | 0x20) {
            case 'c' -> {
                if (is(bytes, from, colon, "content-length")) {
                    length = number(bytes, colon + 1, end);
                    sized = true;
                } else if (is(bytes, from, colon, "connection")) {
                    connection(bytes, colon + 1, end);
                }
            }
            case 't' -> {
                if (is(bytes, from, colon, "transfer-encoding")) {
                    chunked = contains(bytes, colon + 1, end, "chunked");
                }
            }
            default -> {
                // Nothing that tells where the answer ends.
            }
        }
    }

    private void keep(byte[] bytes, int from, int colon, int end) {
        int value = colon + 1;
        while (value < end && (bytes[value] == ' ' || bytes[value] == '\t')) {
            value++;
        }
        headers.add(Arrays.copyOfRange(bytes, from, colon));
        headers.add(Arrays.copyOfRange(bytes, value, end));
    }

    private void connection(byte[] bytes, int from, int end) {
        if (contains(bytes, from, end, "close")) {
            keepAlive = false;
        } else if (contains(bytes, from, end, "keep-alive")) {
            keepAlive = true;
        }
    }

    private static boolean is(byte[] bytes, int from, int end, String lowerCase) {
        if (end - from != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if ((bytes[from + i] | 0x20) != (lowerCase.charAt(i) | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(byte[] bytes, int from, int end, String lowerCase) {
        for (int i = from; i + lowerCase.length() <= end; i++) {
            if (is(bytes, i, i + lowerCase.length(), lowerCase)) {
                return true;
            }
        }
        return false;
    }

    private static long number(byte[] bytes, int from, int end) throws ResponseParser.Malformed {
        long number = -1;
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (b >= '0' && b <= '9' && number < Long.MAX_VALUE / 100) {
                number = Math.max(0, number) * 10 + b - '0';
            } else if (b != ' ' && b != '\t') {
                throw bad(bytes, from, end);
            }
        }
        if (number < 0) {
            throw bad(bytes, from, end);
        }
        return number;
    }

    private static ResponseParser.Malformed bad(byte[] bytes, int from, int end) {
        return new ResponseParser.Malformed(
                "an answer's Content-Length is"
                        + new String(
                                bytes,
                                from,
                                Math.min(end - from, 40),
                                StandardCharsets.ISO_8859_1));
    }
}
