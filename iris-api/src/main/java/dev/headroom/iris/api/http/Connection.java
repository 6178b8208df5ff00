package dev.headroom.iris.api.http;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, driven by its event loop.
 *
 * <pre>
 *   OPEN       reads requests, answers each in order
 *   ENDING     the last answer is made; it is written as the client takes it
 *   LINGERING  our half is closed; what still comes is read and dropped until the client's end, so that no reset eats the answer
 *   CLOSED
 * </pre>
 *
 * While an answer is not taken nothing more is read: a client that does not read can only fill its own buffers.
 */
final class Connection {
    private enum Phase {
        OPEN,
        ENDING,
        LINGERING,
        CLOSED
    }

    /** Past this much a batch of pipelined answers is written before the next request is looked at. */
    private static final int BATCH = 48 << 10;

    private final EventLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final RequestParser parser;
    private final long opened;
    private final long maxAge;
    private Phase phase = Phase.OPEN;
    private CloseReason reason = CloseReason.CLIENT;
    private byte[] kept = Buffers.NOTHING;
    private byte[] unsent = Buffers.NOTHING;
    private int sent;
    private long lastProgress;
    private long exchangeSince;

    /** Its place among the loop's connections. */
    int index;

    Connection(EventLoop loop, SocketChannel channel, SelectionKey key, long maxAge, long now) {
        this.loop = loop;
        this.channel = channel;
        this.key = key;
        this.parser = new RequestParser(loop.routes(), loop.limits());
        this.maxAge = maxAge;
        this.opened = now;
        this.lastProgress = now;
        this.exchangeSince = now;
    }

    /** Does what the socket is ready for. */
    void ready(long now) {
        try {
            if (unsent.length > 0) {
                writeOn(now);
            } else {
                if (phase == Phase.LINGERING) {
                    dropInput();
                } else {
                    readOn(now);
                }
            }
        } catch (IOException e) {
            // A reset: the client is gone, and nobody is left to be told.
            loop.buffers().forget();
            closeNow(phase == Phase.OPEN ? CloseReason.CLIENT : reason);
        } catch (RuntimeException | Error e) {
            loop.buffers().forget();
            loop.failed("a connection", e);
            closeNow(CloseReason.ERROR);
        }
    }

    private void readOn(long now) throws IOException {
        Buffers buffers = loop.buffers();
        int had = buffers.load(kept);
        int count = buffers.read(channel, had);
        if (count < 0) {
            closeNow(CloseReason.CLIENT);
        } else if (count > 0) {
            if (!parser.begun() && had == 0) {
                exchangeSince = now;
            }
            lastProgress = now;
            process(had + count, now);
        }
    }

    /** Answers the requests in the first bytes of the loop's input, and keeps what is left of them. */
    private void process(int length, long now) throws IOException {
        Buffers buffers = loop.buffers();
        int to = length;
        int at = 0;
        while (phase == Phase.OPEN && unsent.length == 0) {
            at = parser.parse(buffers.input(), at, to);
            if (parser.state() == RequestParser.State.REFUSED) {
                end(parser.refusal(), CloseReason.ERROR, now);
            } else if (parser.state() == RequestParser.State.COMPLETE) {
                if (at == to && mayEnd(now)) {
                    to += Math.max(0, buffers.read(channel, to));
                }
                answer(at == to, now);
                parser.reset();
                exchangeSince = now;
                if (buffers.pending() > BATCH) {
                    flush(now);
                }
            } else {
                if (at == to && parser.awaitsContinue()) {
                    goAhead(now);
                }
                break;
            }
        }
        kept =
                phase == Phase.OPEN && at < to
                        ? Arrays.copyOfRange(buffers.input(), at, to)
                        : Buffers.NOTHING;
        flush(now);
    }

    /** To a client that waits for it: that the body may come, or what is to be said without it. */
    private void goAhead(long now) {
        Route route = parser.route();
        Method method = parser.method();
        if (route != null && method != null && route.allows(method)) {
            parser.continued();
            loop.buffers().addContinue();
        } else {
            end(respond(), CloseReason.ERROR, now);
        }
    }

    private boolean mayEnd(long now) {
        return loop.draining() || now - opened > maxAge;
    }

    private void answer(boolean nothingBehind, long now) {
        Response response = respond();
        boolean aged = now - opened > maxAge && (nothingBehind || now - opened > 2 * maxAge);
        boolean going = loop.draining() && (nothingBehind || loop.endsIdle());
        boolean close = !parser.persistent() || aged || going;
        if (close) {
            phase = Phase.ENDING;
            reason =
                    !parser.persistent()
                            ? CloseReason.CLIENT
                            : aged ? CloseReason.AGE : CloseReason.SHUTDOWN;
        }
        loop.counters().answered(response.status());
        loop.buffers()
                .add(
                        response,
                        loop.date(now),
                        parser.method() == Method.HEAD,
                        close,
                        parser.http10());
    }

    private Response respond() {
        Method method = parser.method();
        Route route = parser.route();
        if (method == null) {
            return EventLoop.UNKNOWN_METHOD;
        }
        if (route == null) {
            return EventLoop.NOT_FOUND;
        }
        if (!route.allows(method)) {
            return route.notAllowed();
        }
        try {
            return route.handle(parser);
        } catch (RuntimeException e) {
            loop.failed("a request", e);
            return EventLoop.FAILED;
        }
    }

    /** Answers and ends. */
    private void end(Response response, CloseReason why, long now) {
        phase = Phase.ENDING;
        reason = why;
        loop.counters().answered(response.status());
        loop.buffers().add(response, loop.date(now), parser.method() == Method.HEAD, true, false);
    }

    private void flush(long now) throws IOException {
        if (loop.buffers().pending() > 0 && unsent.length == 0) {
            unsent = loop.buffers().write(channel);
            sent = 0;
            if (unsent.length > 0) {
                exchangeSince = now;
                lastProgress = now;
                key.interestOps(SelectionKey.OP_WRITE);
            }
        }
        if (phase == Phase.ENDING && unsent.length == 0) {
            linger(now);
        }
    }

    private void writeOn(long now) throws IOException {
        int until = loop.buffers().write(channel, unsent, sent, unsent.length);
        if (until > sent) {
            lastProgress = now;
        }
        sent = until;
        if (sent == unsent.length) {
            unsent = Buffers.NOTHING;
            key.interestOps(SelectionKey.OP_READ);
            if (phase == Phase.ENDING) {
                linger(now);
            } else {
                exchangeSince = now;
                process(loop.buffers().load(kept), now);
            }
        }
    }

    private void linger(long now) throws IOException {
        phase = Phase.LINGERING;
        lastProgress = now;
        kept = Buffers.NOTHING;
        channel.shutdownOutput();
        key.interestOps(SelectionKey.OP_READ);
    }

    private void dropInput() throws IOException {
        if (loop.buffers().discard(channel) < 0) {
            closeNow(reason);
        }
    }

    /** Looks whether it has been open, or waiting, for too long. */
    void sweep(long now, EventLoop.Timeouts timeouts) {
        long silent = now - lastProgress;
        boolean late = now - exchangeSince > timeouts.exchange();
        if (phase == Phase.LINGERING) {
            if (silent > timeouts.linger()) {
                closeNow(reason);
            }
        } else if (unsent.length > 0) {
            if (silent > timeouts.progress() || late) {
                closeNow(CloseReason.IDLE);
            }
        } else if (parser.begun() || kept.length > 0) {
            boolean slow = (parser.inHead() ? now - exchangeSince : silent) > timeouts.progress();
            if (slow || late) {
                quietly(() -> tooSlow(now));
            }
        } else if (silent > timeouts.idle()) {
            quietly(() -> endIdle(CloseReason.IDLE, now));
        } else if (now - opened > maxAge && silent > timeouts.agedIdle()) {
            quietly(() -> endIdle(CloseReason.AGE, now));
        } else if (loop.endsIdle()) {
            quietly(() -> endIdle(CloseReason.SHUTDOWN, now));
        }
    }

    private void tooSlow(long now) throws IOException {
        end(Refusals.TIMEOUT, CloseReason.IDLE, now);
        flush(now);
    }

    /** Ends a connection that waits, unless a request has come in by now. */
    private void endIdle(CloseReason why, long now) throws IOException {
        long before = lastProgress;
        readOn(now);
        if (phase == Phase.OPEN && lastProgress == before) {
            reason = why;
            linger(now);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void quietly(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            loop.buffers().forget();
            closeNow(CloseReason.CLIENT);
        }
    }

    void closeNow(CloseReason why) {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            loop.ended(this, why);
            close(channel);
        }
    }

    /** For a connection that never came to be, too. */
    static void close(@Nullable SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The descriptor is gone in any case; there is nothing to be done about it.
        }
    }

    CloseReason reason() {
        return phase == Phase.OPEN ? CloseReason.SHUTDOWN : reason;
    }
}
