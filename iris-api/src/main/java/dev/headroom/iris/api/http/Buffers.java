package dev.headroom.iris.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * The space in which one event loop reads and writes, for one connection at a time: so a connection that waits holds only
 * what it has kept of an unfinished request or an untaken answer.
 */
final class Buffers {
    static final byte[] NOTHING = new byte[0];

    private static final int READ = 32 << 10;
    private static final int WRITE = 64 << 10;
    private static final byte[] CLOSE_FIELD = Ascii.bytes("\r\nConnection: close\r\n\r\n");
    private static final byte[] KEEP_ALIVE_FIELD =
            Ascii.bytes("\r\nConnection: keep-alive\r\n\r\n");
    private static final byte[] NO_FIELD = Ascii.bytes("\r\n\r\n");
    private static final byte[] CONTINUE = Ascii.bytes("HTTP/1.1 100 Continue\r\n\r\n");

    private final ByteBuffer directIn = ByteBuffer.allocateDirect(READ);
    private final ByteBuffer directOut = ByteBuffer.allocateDirect(WRITE);
    private byte[] input = new byte[2 * READ];
    private byte[] output = new byte[WRITE];
    private int outputLength;

    /** What is read, from index 0. */
    byte[] input() {
        return input;
    }

    /** Copies what a connection had kept to the input's start. */
    int load(byte[] kept) {
        reserve(kept.length);
        System.arraycopy(kept, 0, input, 0, kept.length);
        return kept.length;
    }

    /**
     * Reads what is there behind the input's first {@code at} bytes.
     *
     * @return how many bytes, 0 for none, -1 at the client's end
     */
    int read(SocketChannel channel, int at) throws IOException {
        directIn.clear();
        int count = channel.read(directIn);
        if (count > 0) {
            reserve(at + count);
            directIn.get(0, input, at, count);
        }
        return count;
    }

    /** Reads and forgets. */
    int discard(SocketChannel channel) throws IOException {
        directIn.clear();
        return channel.read(directIn);
    }

    /** Bytes that are to be written. */
    int pending() {
        return outputLength;
    }

    void addContinue() {
        add(CONTINUE);
    }

    /**
     * Adds an answer to what is to be written.
     *
     * @param headOnly leaves the body out, as for {@code HEAD}
     * @param close says that the connection ends with it
     * @param keepAlive says that it stays, as only HTTP/1.0 needs to be told
     */
    void add(Response response, byte[] date, boolean headOnly, boolean close, boolean keepAlive) {
        add(response.head());
        add(date);
        add(close ? CLOSE_FIELD : keepAlive ? KEEP_ALIVE_FIELD : NO_FIELD);
        if (!headOnly) {
            add(response.body());
        }
    }

    /**
     * Writes what was added.
     *
     * @return what the client did not take
     */
    byte[] write(SocketChannel channel) throws IOException {
        int written = write(channel, output, 0, outputLength);
        byte[] rest =
                written == outputLength
                        ? NOTHING
                        : Arrays.copyOfRange(output, written, outputLength);
        forget();
        return rest;
    }

    /** Writes as much as is taken and returns the index behind it. */
    int write(SocketChannel channel, byte[] bytes, int from, int to) throws IOException {
        int at = from;
        while (at < to) {
            int count = Math.min(WRITE, to - at);
            directOut.clear();
            directOut.put(bytes, at, count).flip();
            int written = channel.write(directOut);
            at += written;
            if (written < count) {
                break;
            }
        }
        return at;
    }

    /** Drops what was added and not written. */
    void forget() {
        outputLength = 0;
        if (output.length > 4 * WRITE) {
            output = new byte[WRITE];
        }
    }

    private void add(byte[] bytes) {
        if (outputLength + bytes.length > output.length) {
            output =
                    Arrays.copyOf(output, Math.max(2 * output.length, outputLength + bytes.length));
        }
        System.arraycopy(bytes, 0, output, outputLength, bytes.length);
        outputLength += bytes.length;
    }

    private void reserve(int length) {
        if (length > input.length) {
            input = Arrays.copyOf(input, Math.max(2 * input.length, length));
        }
    }
}
