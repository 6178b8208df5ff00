package dev.headroom.iris.api.http;

/** A host with or without a port (RFC 3986, section 3.2), as in {@code Host} and in a target of absolute form. */
final class Authority {
    private static final boolean[] NAME = new boolean[256];
    private static final int GROUPS = 8;

    static {
        for (int c = 0; c < 128; c++) {
            NAME[c] = Ascii.isAlphanumeric((byte) c);
        }
        for (byte c : Ascii.bytes("-._~!$&'()*+,;=")) {
            NAME[c] = true;
        }
    }

    private Authority() {}

    /** Whether a range is a host that is not empty, with or without a port of digits; never one with user information. */
    static boolean isValid(byte[] in, int from, int to) {
        int portFrom = to;
        while (portFrom > from && Ascii.isDigit(in[portFrom - 1])) {
            portFrom--;
        }
        boolean hasPort = portFrom > from && in[portFrom - 1] == ':';
        int end = hasPort ? portFrom - 1 : to;
        if (from == end) {
            return false;
        }
        if (in[from] == '[') {
            return in[end - 1] == ']' && isLiteral(in, from + 1, end - 1);
        }
        for (int i = from; i < end; i++) {
            if (in[i] == '%' && isEscape(in, i, end)) {
                i += 2;
            } else if (!NAME[in[i] & 0xff]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a percent sign begins an escape. */
    static boolean isEscape(byte[] in, int at, int to) {
        return at + 2 < to && Ascii.hex(in[at + 1]) >= 0 && Ascii.hex(in[at + 2]) >= 0;
    }

    private static boolean isLiteral(byte[] in, int from, int to) {
        if (from < to && (in[from] | 32) == 'v') {
            return isFutureLiteral(in, from + 1, to);
        }
        int groups = 0;
        boolean gap = false;
        int at = from;
        while (at < to) {
            if (in[at] == ':') {
                // Two colons, once; a single one only stands between two groups.
                boolean two = at + 1 < to && in[at + 1] == ':';
                if (two ? gap : groups == 0 || at + 1 == to || in[at - 1] == ':') {
                    return false;
                }
                gap |= two;
                at += two ? 2 : 1;
            }
            int end = at;
            while (end < to && Ascii.hex(in[end]) >= 0) {
                end++;
            }
            if (end < to && in[end] == '.') {
                groups += 2;
                return isIpv4(in, at, to) && (gap ? groups < GROUPS : groups == GROUPS);
            }
            if (end - at > 4 || end < to && in[end] != ':') {
                return false;
            }
            groups += end > at ? 1 : 0;
            at = end;
        }
        return gap ? groups < GROUPS : groups == GROUPS;
    }

    private static boolean isIpv4(byte[] in, int from, int to) {
        int at = from;
        for (int part = 0; part < 4; part++) {
            int value = 0;
            int begin = at;
            while (at < to && at - begin < 3 && Ascii.isDigit(in[at])) {
                value = 10 * value + in[at++] - '0';
            }
            boolean leadingZero = at - begin > 1 && in[begin] == '0';
            if (at == begin || value > 255 || leadingZero) {
                return false;
            }
            if (part < 3 && (at == to || in[at++] != '.')) {
                return false;
            }
        }
        return at == to;
    }

    private static boolean isFutureLiteral(byte[] in, int from, int to) {
        int dot = from;
        while (dot < to && Ascii.hex(in[dot]) >= 0) {
            dot++;
        }
        if (dot == from || dot + 1 >= to || in[dot] != '.') {
            return false;
        }
        for (int i = dot + 1; i < to; i++) {
            if (!NAME[in[i] & 0xff] && in[i] != ':') {
                return false;
            }
        }
        return true;
    }
}
