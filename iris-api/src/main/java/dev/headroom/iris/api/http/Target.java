package dev.headroom.iris.api.http;

import java.util.Arrays;

/** The target of a request (RFC 9112, section 3.2): where its path and its query are. Of one event loop, and reused. */
final class Target {
    private static final byte[] SCHEME = Ascii.bytes("http://");
    private static final byte[] SECURE_SCHEME = Ascii.bytes("https://");
    private static final byte[] ROOT = {'/'};
    private static final byte[] HEX = Ascii.bytes("0123456789ABCDEF");

    private boolean wholeServer;
    private byte[] pathBytes = ROOT;
    private int pathFrom;
    private int pathTo;
    private int queryFrom;

    /** Whether it is the asterisk, or what stands for it. */
    boolean wholeServer() {
        return wholeServer;
    }

    byte[] pathBytes() {
        return pathBytes;
    }

    int pathFrom() {
        return pathFrom;
    }

    int pathTo() {
        return pathTo;
    }

    /** Where the query begins, or where the target ends. */
    int queryFrom() {
        return queryFrom;
    }

    /** Reads a target, and says whether it is valid for the method. */
    boolean read(byte[] in, int from, int to, boolean options, boolean connect) {
        wholeServer = false;
        if (from == to) {
            return false;
        }
        if (connect) {
            return Authority.isValid(in, from, to);
        }
        if (in[from] == '*') {
            wholeServer = options && to - from == 1;
            return wholeServer;
        }
        int path = from;
        if (in[from] != '/') {
            int authority = authorityFrom(in, from, to);
            if (authority < 0) {
                return false;
            }
            path = authority;
            while (path < to && in[path] != '/' && in[path] != '?') {
                path++;
            }
            if (!Authority.isValid(in, authority, path)) {
                return false;
            }
        }
        return pathAndQuery(in, path, to, options);
    }

    private boolean pathAndQuery(byte[] in, int from, int to, boolean options) {
        int mark = Ascii.indexOf(in, from, to, '?');
        pathBytes = in;
        pathFrom = from;
        pathTo = mark < 0 ? to : mark;
        queryFrom = mark < 0 ? to : mark + 1;
        for (int i = from; i < to; i++) {
            byte c = in[i];
            if (c <= ' ' || c == 0x7f || c == '#') {
                return false;
            }
            if (c == '%' && i < pathTo && !Authority.isEscape(in, i, pathTo)) {
                return false;
            }
        }
        if (pathFrom == pathTo) {
            // An absolute-form without a path is the root, or the whole server for OPTIONS.
            wholeServer = options && mark < 0;
            pathBytes = ROOT;
            pathFrom = 0;
            pathTo = 1;
        }
        return true;
    }

    private static int authorityFrom(byte[] in, int from, int to) {
        int end = from + SCHEME.length;
        if (end < to && Ascii.equalIgnoringCase(SCHEME, in, from, end)) {
            return end;
        }
        end = from + SECURE_SCHEME.length;
        return end < to && Ascii.equalIgnoringCase(SECURE_SCHEME, in, from, end) ? end : -1;
    }

    /** A path with its escapes of unreserved characters resolved, and the others in upper case (RFC 3986, section 6.2.2). */
    static byte[] normalized(byte[] in, int from, int to) {
        byte[] plain = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            plain[length++] = in[i];
            if (in[i] == '%' && Authority.isEscape(in, i, to)) {
                byte c = (byte) (Ascii.hex(in[i + 1]) << 4 | Ascii.hex(in[i + 2]));
                if (Ascii.isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
                    plain[length - 1] = c;
                } else {
                    plain[length++] = HEX[c >> 4 & 15];
                    plain[length++] = HEX[c & 15];
                }
                i += 2;
            }
        }
        return Arrays.copyOf(plain, length);
    }
}
