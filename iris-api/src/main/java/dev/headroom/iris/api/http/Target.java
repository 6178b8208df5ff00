package dev.headroom.iris.api.http;

/** The target of a request: origin-form, absolute-form, or the asterisk (RFC 9112, section 3.2). */
final class Target {
    private static final byte[] SCHEME = Ascii.bytes("http://");
    private static final byte[] SECURE_SCHEME = Ascii.bytes("https://");

    private Target() {}

    static boolean isValid(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] <= ' ' || in[i] == 0x7f || in[i] == '#') {
                return false;
            }
        }
        if (from == to) {
            return false;
        }
        return in[from] == '/'
                || to - from == 1 && in[from] == '*'
                || authorityFrom(in, from, to) > 0;
    }

    /** Where the path begins; an absolute-form without a path has an empty one, which no route has. */
    static int pathFrom(byte[] in, int from, int to) {
        int authority = authorityFrom(in, from, to);
        if (authority < 0) {
            return from;
        }
        int path = authority;
        while (path < to && in[path] != '/' && in[path] != '?') {
            path++;
        }
        return path;
    }

    private static int authorityFrom(byte[] in, int from, int to) {
        for (byte[] scheme : new byte[][] {SCHEME, SECURE_SCHEME}) {
            int end = from + scheme.length;
            if (end < to && Ascii.equalIgnoringCase(scheme, in, from, end)) {
                return end;
            }
        }
        return -1;
    }
}
