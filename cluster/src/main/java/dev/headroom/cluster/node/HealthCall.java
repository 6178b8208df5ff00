package dev.headroom.cluster.node;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * One call of {@code grpc.health.v1.Health/Check} over an HTTP/2 connection of its own, spoken from the first byte on (RFC 9113, section 3.3): the one stream
 * that it needs, and no more of the protocol than that.
 */
final class HealthCall {
    static final int DATA = 0;
    static final int HEADERS = 1;
    private static final int RESET = 3;
    static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int CONTINUATION = 9;

    /** Of DATA and HEADERS; of SETTINGS and PING the same bit is an acknowledgement. */
    static final int END_STREAM = 1;

    static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;

    /** What a peer may send that was not told of more. */
    private static final int LONGEST_FRAME = 1 << 14;

    static final int FRAME_HEADER = 9;

    /** What a whole answer may have: one that never ends is none. */
    private static final int LONGEST_ANSWER = 1 << 18;

    private final DataInputStream in;
    private final DataOutputStream out;
    private boolean greeted;
    private int received;

    HealthCall(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(out);
    }

    /**
     * What was answered.
     *
     * @param message the messages with their prefixes, as they came
     * @param headers of both blocks, those that have names of their own
     */
    record Answer(byte[] message, Map<String, String> headers) {}

    private record Frame(int type, int flags, int stream, byte[] payload) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** Without padding, and what may stand before it. */
        byte[] content() throws ProtocolException {
            int from = (has(PADDED) ? 1 : 0) + (type == HEADERS && has(PRIORITY) ? 5 : 0);
            int to = payload.length - (has(PADDED) && payload.length > 0 ? payload[0] & 0xff : 0);
            if (from > to) {
                throw new ProtocolException("a frame is all padding");
            }
            return Arrays.copyOfRange(payload, from, to);
        }
    }

    /** Whether the other side has been found to speak HTTP/2. */
    boolean isGreeted() {
        return greeted;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param authority host and port
     * @param service empty for the server as a whole
     */
    Answer ask(String authority, String service) throws IOException {
        out.write(HealthQuestion.of(authority, service));
        out.flush();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        Map<String, String> headers = new HashMap<>();
        boolean last = false;
        while (true) {
            Frame frame = next();
            boolean ours = frame.stream() == 1;
            switch (frame.type()) {
                case SETTINGS -> acknowledge(frame, new byte[0]);
                case PING -> acknowledge(frame, frame.payload());
                case GO_AWAY -> throw new IOException("the server goes away");
                case RESET -> {
                    if (ours) {
                        throw new IOException("stream terminated by RST_STREAM");
                    }
                }
                case DATA -> {
                    if (ours) {
                        message.write(frame.content());
                        if (frame.has(END_STREAM)) {
                            return new Answer(message.toByteArray(), headers);
                        }
                    }
                }
                case HEADERS, CONTINUATION -> {
                    if (ours) {
                        last |= frame.type() == HEADERS && frame.has(END_STREAM);
                        block.write(frame.content());
                        if (frame.has(END_HEADERS)) {
                            headers.putAll(HeaderBlock.named(block.toByteArray()));
                            block.reset();
                            if (last) {
                                return new Answer(message.toByteArray(), headers);
                            }
                        }
                    }
                }
                default -> {} // such as WINDOW_UPDATE: there is room enough for one question
            }
        }
    }

    private Frame next() throws IOException {
        int first = in.readInt();
        int length = first >>> 8;
        int type = first & 0xff;
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & Integer.MAX_VALUE;
        if (!greeted && type != SETTINGS || length > LONGEST_FRAME) {
            throw new ProtocolException("this is no HTTP/2");
        }
        greeted = true;
        received += FRAME_HEADER + length;
        if (received > LONGEST_ANSWER) {
            throw new ProtocolException("the answer is too long");
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(type, flags, stream, payload);
    }

    private void acknowledge(Frame frame, byte[] payload) throws IOException {
        if (!frame.has(END_STREAM)) {
            out.write(HealthQuestion.frame(frame.type(), END_STREAM, 0, payload));
            out.flush();
        }
    }
}
