package dev.headroom.cluster.api.stream;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is sent to a client on one stream; waits until it is taken, so that a slow client holds up only those that write to it. */
final class Outlet extends OutputStream {
    private final Channel channel;
    private final Function<byte[], Object> message;
    private final @Nullable Object last;
    private boolean closed;

    /**
     * @param message makes a connection's message of bytes
     * @param last the message that ends the stream; null for none
     */
    Outlet(Channel channel, Function<byte[], Object> message, @Nullable Object last) {
        this.channel = channel;
        this.message = message;
        this.last = last;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        send(message.apply(Arrays.copyOfRange(bytes, offset, offset + length)));
    }

    private void send(Object sent) throws IOException {
        try {
            var written = channel.writeAndFlush(sent);
            written.await();
            if (!written.isSuccess()) {
                throw new IOException("the client has gone", written.cause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            if (last != null) {
                send(last);
            }
        }
    }
}
