package dev.headroom.cluster.api.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/** What a client sends on one stream: filled by the connection's thread, read by another. */
final class Inbox extends InputStream {
    private final Intake intake;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int at;
    private boolean ended;
    private boolean broken;
    private boolean closed;

    Inbox(Intake intake) {
        this.intake = intake;
    }

    synchronized void add(byte[] bytes) {
        if (!closed && !ended && bytes.length > 0) {
            waiting.add(bytes);
            intake.brought(bytes.length);
            notifyAll();
        }
    }

    /** The client has said all it had to say. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** The client has gone, or wants no more of it: whoever reads hears of it at once. */
    synchronized void breakOff() {
        broken = true;
        ended = true;
        notifyAll();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        while (waiting.isEmpty() && !ended && !closed) {
            await();
        }
        if (broken) {
            throw new IOException("the client has gone");
        }
        byte[] first = waiting.peek();
        if (first == null || closed) {
            return -1;
        }
        int n = Math.min(length, first.length - at);
        System.arraycopy(first, at, into, offset, n);
        at += n;
        if (at == first.length) {
            waiting.remove();
            at = 0;
            intake.taken(first.length);
        }
        return n;
    }

    private void await() throws InterruptedIOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** What still comes is dropped. */
    @Override
    public synchronized void close() {
        closed = true;
        intake.taken(waiting.stream().mapToLong(bytes -> bytes.length).sum());
        waiting.clear();
        notifyAll();
    }
}
