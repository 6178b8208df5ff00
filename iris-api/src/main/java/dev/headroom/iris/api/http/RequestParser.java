package dev.headroom.iris.api.http;

import org.jspecify.annotations.Nullable;

/**
 * Reads one request after another from what a connection brings (RFC 9112), line by line, and says what is to be done next:
 *
 * <pre>
 *   REQUEST_LINE -> FIELDS -> (FIXED_BODY | CHUNKED_BODY) -> COMPLETE -> REQUEST_LINE …
 *   any of them  -> REFUSED: the answer is {@link #refusal}, and the connection ends
 * </pre>
 */
final class RequestParser implements Request {
    /** Where a request stands. */
    enum State {
        REQUEST_LINE,
        FIELDS,
        FIXED_BODY,
        CHUNKED_BODY,
        COMPLETE,
        REFUSED
    }

    private final Limits limits;
    private final Allowance held;
    private final Allowance rows;
    private final RequestLine line;
    private final Fields fields;
    private State state = State.REQUEST_LINE;
    private @Nullable Response refusal;
    private @Nullable Response early;
    private int fieldBytes;
    private int fieldLines;
    private @Nullable Body body;
    private @Nullable ChunkedBody chunks;
    private boolean continued;
    private byte[] bytes = Buffers.NOTHING;
    private int bodyFrom;
    private int bodyTo;
    private int admitted;

    /**
     * A parser for one connection at a time.
     *
     * @param rows what all batches may hold in rows
     * @param logging whether what an access log tells is to be kept
     */
    RequestParser(Router router, Limits limits, Allowance held, Allowance rows, boolean logging) {
        this.limits = limits;
        this.held = held;
        this.rows = rows;
        this.line = new RequestLine(router, limits.targetBytes(), logging);
        this.fields = new Fields(logging);
    }

    /** Forgets the request, to read the next. */
    void reset() {
        state = State.REQUEST_LINE;
        refusal = null;
        early = null;
        fieldBytes = 0;
        fieldLines = 0;
        continued = false;
        chunks = null;
        bytes = Buffers.NOTHING;
        if (body != null) {
            body.release();
            body = null;
        }
        line.reset();
        fields.reset();
    }

    State state() {
        return state;
    }

    /** Whether some of a request is there, but not yet all. */
    boolean begun() {
        return state != State.REQUEST_LINE;
    }

    /** Null where the method is none that is known. */
    @Nullable Method method() {
        return line.method();
    }

    /** Index of the route, or -1 where nothing is served at the request's path. */
    int route() {
        return line.route();
    }

    boolean http10() {
        return line.http10();
    }

    String methodText() {
        return line.methodText();
    }

    String targetText() {
        return line.targetText();
    }

    String traceparent() {
        return fields.traceparent();
    }

    /** Whether the client lets the connection stay after this request (RFC 9112, section 9.3). */
    boolean persistent() {
        return !fields.close() && (!line.http10() || fields.keepAlive());
    }

    /** Whether the client waits for a go-ahead before it sends the body (RFC 9110, section 10.1.1). */
    boolean awaitsContinue() {
        return fields.expectsContinue()
                && !line.http10()
                && !continued
                && (state == State.FIXED_BODY || state == State.CHUNKED_BODY);
    }

    /** The go-ahead was given. */
    void continued() {
        continued = true;
    }

    /** Whether the request's head is not yet whole. */
    boolean inHead() {
        return state == State.REQUEST_LINE || state == State.FIELDS;
    }

    /** Why the request is not acceptable; the connection ends with this. */
    Response refusal() {
        return refusal == null ? Refusals.BAD_REQUEST_LINE : refusal;
    }

    /** What the head alone decides, or null. */
    @Nullable Response early() {
        return early;
    }

    @Override
    public int options() {
        return line.options();
    }

    @Override
    public boolean json() {
        return fields.json();
    }

    @Override
    public boolean coded() {
        return fields.coded();
    }

    @Override
    public boolean prefersOpenMetrics() {
        return fields.prefersOpenMetrics();
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int bodyFrom() {
        return bodyFrom;
    }

    @Override
    public int bodyTo() {
        return bodyTo;
    }

    @Override
    public boolean admit(int more) {
        boolean free = rows.take(more);
        admitted += free ? more : 0;
        return free;
    }

    /** The rows that were admitted and are from now on the caller's to give back. */
    int takeAdmitted() {
        int taken = admitted;
        admitted = 0;
        return taken;
    }

    /**
     * Reads on.
     *
     * @return index behind the last byte that is done with; the rest is to be given again, with more behind it
     */
    int parse(byte[] in, int from, int to) {
        int at = from;
        while (state == State.REQUEST_LINE || state == State.FIELDS) {
            int end = lineEnd(in, at, to);
            if (end < 0) {
                unfinished(in, at, to);
                return at;
            }
            takeLine(in, at, end);
            at = end + 2;
        }
        return switch (state) {
            case FIXED_BODY -> fixedBody(in, at, to);
            case CHUNKED_BODY -> chunkedBody(in, at, to);
            case REQUEST_LINE, FIELDS, COMPLETE, REFUSED -> at;
        };
    }

    /** Index of the CR of the first CRLF, or -1; a CR or LF alone is refused. */
    private int lineEnd(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            byte c = in[i];
            if (c <= '\r' && (c == '\r' || c == '\n')) {
                if (c == '\n' || i + 1 < to && in[i + 1] != '\n') {
                    refuse(Refusals.BARE_LF, i);
                    return -1;
                }
                return i + 1 < to ? i : -1;
            }
        }
        return -1;
    }

    /** A line that is already too long, or can't become one, need not be awaited. */
    private void unfinished(byte[] in, int from, int to) {
        if (state == State.FIELDS) {
            if (fieldBytes + to - from > limits.fieldBytes()) {
                refuse(Refusals.FIELDS_TOO_LARGE, from);
            }
        } else if (state == State.REQUEST_LINE && from < to && in[from] != '\r') {
            refuseIf(line.unfinished(in, from, to));
        }
    }

    private void takeLine(byte[] in, int from, int end) {
        if (state == State.REQUEST_LINE) {
            // An empty line before a request is skipped (RFC 9112, section 2.2).
            if (from < end) {
                state = State.FIELDS;
                refuseIf(line.read(in, from, end));
            }
        } else if (from < end) {
            fieldBytes += end + 2 - from;
            fieldLines++;
            if (fieldBytes > limits.fieldBytes() || fieldLines > limits.fieldLines()) {
                refuse(Refusals.FIELDS_TOO_LARGE, end);
                return;
            }
            refuseIf(fields.read(in, from, end));
        } else {
            headComplete();
        }
    }

    private void headComplete() {
        Response wrong = fields.check(line.http10());
        if (wrong != null) {
            refuse(wrong, 0);
            return;
        }
        early = line.early(this);
        if (fields.chunked()) {
            state = State.CHUNKED_BODY;
            Body chunked = new Body(held);
            body = chunked;
            chunks = new ChunkedBody(chunked, limits.bodyBytes(), limits.fieldBytes());
        } else if (fields.contentLength() > limits.bodyBytes()) {
            refuse(early == null ? Refusals.contentTooLarge(limits.bodyBytes()) : early, 0);
        } else if (line.method() == Method.POST && early == null && !fields.bodyIsDelimited()) {
            refuse(Refusals.LENGTH_REQUIRED, 0);
        } else {
            state = State.FIXED_BODY;
        }
    }

    private int fixedBody(byte[] in, int at, int to) {
        int length = (int) fields.contentLength();
        Body parts = body;
        if (parts == null && to - at >= length) {
            return complete(in, at, at + length, at + length);
        }
        if (at == to) {
            return at;
        }
        if (parts == null) {
            parts = new Body(held);
            body = parts;
        }
        int count = Math.min(to - at, length - parts.length());
        if (!parts.append(in, at, count, length)) {
            return refuse(Refusals.NO_ROOM, at);
        }
        return parts.length() == length
                ? complete(parts.bytes(), 0, length, at + count)
                : at + count;
    }

    private int chunkedBody(byte[] in, int at, int to) {
        if (chunks == null || body == null) {
            throw new IllegalStateException("a chunked body without a decoder");
        }
        int end = chunks.take(in, at, to);
        if (chunks.bad()) {
            return refuse(Refusals.BAD_CHUNK, end);
        }
        if (chunks.tooLarge()) {
            return refuse(Refusals.contentTooLarge(limits.bodyBytes()), end);
        }
        if (chunks.noRoom()) {
            return refuse(Refusals.NO_ROOM, end);
        }
        return chunks.done() ? complete(body.bytes(), 0, body.length(), end) : end;
    }

    private int complete(byte[] in, int from, int to, int end) {
        bytes = in;
        bodyFrom = from;
        bodyTo = to;
        state = State.COMPLETE;
        return end;
    }

    private void refuseIf(@Nullable Response wrong) {
        if (wrong != null) {
            refuse(wrong, 0);
        }
    }

    private int refuse(Response why, int at) {
        // The first thing found wrong is what is said.
        if (state != State.REFUSED) {
            state = State.REFUSED;
            refusal = why;
        }
        return at;
    }
}
