package dev.headroom.iris.api.http;

/** What of media types decides an answer: whether a body is JSON, and which format of metrics is preferred (RFC 9110, 8.3 and 12.5.1). */
final class MediaTypes {
    private static final byte[] JSON = Ascii.bytes("application/json");
    private static final byte[] OPEN_METRICS = Ascii.bytes("application/openmetrics-text");
    private static final byte[] TEXT = Ascii.bytes("text/plain");
    private static final byte[] ANY_TEXT = Ascii.bytes("text/*");
    private static final byte[] ANY = Ascii.bytes("*/*");

    private MediaTypes() {}

    /** Whether it is JSON's type, with any parameters; an empty one says nothing and is accepted. */
    static boolean isJson(byte[] in, int from, int end) {
        int semicolon = Ascii.indexOf(in, from, end, ';');
        int to = Ascii.trimSpace(in, from, semicolon < 0 ? end : semicolon);
        return from == end || Ascii.equalIgnoringCase(JSON, in, from, to);
    }

    /** Whether an {@code Accept} field likes OpenMetrics at least as much as plain text. */
    static boolean prefersOpenMetrics(byte[] in, int from, int end) {
        int open = 0;
        int text = -1;
        int anyText = -1;
        int any = -1;
        for (int at = from; at < end; ) {
            int comma = Ascii.elementEnd(in, at, end);
            int first = Ascii.skipSpace(in, at, comma);
            int semicolon = Ascii.indexOf(in, first, comma, ';');
            int last = Ascii.trimSpace(in, first, semicolon < 0 ? comma : semicolon);
            int weight = semicolon < 0 ? 1000 : weight(in, semicolon, comma);
            if (Ascii.equalIgnoringCase(OPEN_METRICS, in, first, last)) {
                open = Math.max(open, weight);
            } else if (Ascii.equalIgnoringCase(TEXT, in, first, last)) {
                text = Math.max(text, weight);
            } else if (Ascii.equalIgnoringCase(ANY_TEXT, in, first, last)) {
                anyText = weight;
            } else if (Ascii.equalIgnoringCase(ANY, in, first, last)) {
                any = weight;
            }
            at = comma + 1;
        }
        int plain = text >= 0 ? text : anyText >= 0 ? anyText : Math.max(0, any);
        return open > 0 && open >= plain;
    }

    /** Thousandths of {@code q}; what is malformed counts as 1. */
    private static int weight(byte[] in, int from, int end) {
        for (int i = from; i + 2 < end; i++) {
            boolean named = in[i] == ';' || Ascii.isSpace(in[i]);
            if (named && (in[i + 1] | 32) == 'q' && in[i + 2] == '=') {
                int value = 0;
                int unit = 1000;
                for (int k = i + 3; k < end && unit > 0; k++) {
                    if (Ascii.isDigit(in[k])) {
                        value += unit * (in[k] - '0');
                        unit /= 10;
                    } else if (in[k] != '.') {
                        break;
                    }
                }
                return Math.min(1000, value);
            }
        }
        return 1000;
    }
}
