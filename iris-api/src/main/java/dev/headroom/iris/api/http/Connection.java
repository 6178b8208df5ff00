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
 * While an answer is not taken nothing more is read: a client that does not read can only fill its own buffers. One that
 * has sent many requests at once rests between batches of answers, so that the others have their turn.
 */
final class Connection {
    private enum Phase {
        OPEN,
        ENDING,
        LINGERING,
        CLOSED
    }

    /** Past this much a batch of pipelined answers is written, and the next request waits for the loop's next turn. */
    private static final int BATCH = 16 << 10;

    /** So often the silence that ends a lingering is waited for in all, however much still comes. */
    private static final int LINGERS = 5;

    private final EventLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Holdings holdings;
    private final long opened;
    private final long maxAge;
    private final boolean overLimit;
    private @Nullable RequestParser parser;
    private Phase phase = Phase.OPEN;
    private CloseReason reason = CloseReason.CLIENT;
    private byte[] kept = Buffers.NOTHING;
    private byte[] unsent = Buffers.NOTHING;
    private int sent;
    private boolean inputEnded;
    private boolean resting;
    private long lastProgress;
    private long stepSince;
    private long requestSince;
    private long idleSince;

    /** Its place among the loop's connections. */
    int index;

    /**
     * A connection that was just accepted.
     *
     * @param overLimit its first request is refused: there are as many as there may be
     */
    Connection(
            EventLoop loop,
            SocketChannel channel,
            SelectionKey key,
            long maxAge,
            boolean overLimit,
            long now) {
        this.loop = loop;
        this.channel = channel;
        this.key = key;
        this.holdings = loop.newHoldings();
        this.maxAge = maxAge;
        this.overLimit = overLimit;
        this.opened = now;
        this.lastProgress = now;
        this.stepSince = now;
        this.requestSince = now;
        this.idleSince = now;
    }

    boolean overLimit() {
        return overLimit;
    }

    /** The parser of the request that is under way; a connection that waits has none. */
    private RequestParser parser() {
        RequestParser own = parser;
        if (own == null) {
            own = loop.takeParser();
            parser = own;
        }
        return own;
    }

    private boolean begun() {
        return parser != null && parser.begun();
    }

    private void releaseParser() {
        if (parser != null) {
            loop.giveParser(parser);
            parser = null;
        }
    }

    /** The client's address, for the log. */
    String remote() {
        try {
            return String.valueOf(channel.getRemoteAddress()).replace("/", "");
        } catch (IOException e) {
            return "-";
        }
    }

    /** Does what the socket is ready for. */
    void ready(long now) {
        try {
            if (unsent.length > 0) {
                writeOn(now);
            } else if (phase == Phase.LINGERING) {
                dropInput(now);
            } else if (resting) {
                goOn(now);
            } else {
                readOn(now);
            }
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        loop.buffers().forget();
        if (e instanceof IOException) {
            // A reset: the client is gone, and nobody is left to be told.
            closeNow(phase == Phase.OPEN ? CloseReason.CLIENT : reason);
        } else {
            loop.responder().failed("a connection", e);
            closeNow(CloseReason.ERROR);
        }
    }

    private void readOn(long now) throws IOException {
        Buffers buffers = loop.buffers();
        int had = buffers.load(kept);
        int count = buffers.read(channel, had);
        if (count < 0) {
            inputEnds(now);
        } else if (count > 0) {
            if (had == 0 && !begun()) {
                stepSince = now;
                requestSince = now;
            }
            lastProgress = now;
            process(had + count, now);
        }
    }

    /** The client sends no more. Of a request that is not whole it may still want to hear, if it only closed its half. */
    private void inputEnds(long now) throws IOException {
        if (begun() || kept.length > 0) {
            inputEnded = true;
            end(Refusals.CUT_SHORT, CloseReason.CLIENT);
            flush(now);
        } else {
            closeNow(CloseReason.CLIENT);
        }
    }

    /** Answers the requests in the first bytes of the loop's input, and keeps what is left of them. */
    private void process(int length, long now) throws IOException {
        Buffers buffers = loop.buffers();
        RequestParser parser = parser();
        int to = length;
        int at = 0;
        while (phase == Phase.OPEN && unsent.length == 0) {
            boolean inHead = parser.inHead();
            at = parser.parse(buffers.input(), at, to);
            if (overLimit && !parser.inHead()) {
                end(Refusals.TOO_MANY_CONNECTIONS, CloseReason.OVERLOAD);
            } else if (parser.state() == RequestParser.State.REFUSED) {
                boolean full = parser.refusal() == Refusals.NO_ROOM;
                end(parser.refusal(), full ? CloseReason.OVERLOAD : CloseReason.ERROR);
            } else if (parser.state() == RequestParser.State.COMPLETE) {
                if (at == to && mayEnd(now)) {
                    // What has arrived in the kernel's buffer is not to be lost either.
                    to += Math.max(0, buffers.read(channel, to));
                }
                answer(at == to, now);
                parser.reset();
                stepSince = now;
                idleSince = now;
                requestSince = loop.responder().now();
                if (buffers.pending() > BATCH) {
                    flush(now);
                    if (mayRest(to - at)) {
                        rest();
                        break;
                    }
                }
            } else {
                if (inHead && !parser.inHead()) {
                    // From here on it is the body's time.
                    stepSince = now;
                }
                if (at == to && parser.awaitsContinue()) {
                    goAhead();
                }
                break;
            }
        }
        kept =
                phase == Phase.OPEN && at < to
                        ? Arrays.copyOfRange(buffers.input(), at, to)
                        : Buffers.NOTHING;
        if (!begun()) {
            releaseParser();
        }
        flush(now);
    }

    /** Whether there is more to be done, and room to keep it meanwhile. */
    private boolean mayRest(int left) {
        return left > 0 && phase == Phase.OPEN && unsent.length == 0 && holdings.hold(left);
    }

    /** Lets the others have their turn. The selector comes back to it once the client has taken enough to be written to. */
    private void rest() {
        resting = true;
        key.interestOps(SelectionKey.OP_WRITE);
    }

    private void goOn(long now) throws IOException {
        resting = false;
        lastProgress = now;
        key.interestOps(SelectionKey.OP_READ);
        process(loop.buffers().load(kept), now);
    }

    /** To a client that waits for it: that the body may come, or what is to be said without it. */
    private void goAhead() {
        Response early = parser().early();
        if (early == null) {
            parser().continued();
            loop.buffers().addContinue();
        } else {
            end(early, CloseReason.ERROR);
        }
    }

    private boolean mayEnd(long now) {
        return loop.draining() || now - opened > maxAge;
    }

    private void answer(boolean nothingBehind, long now) {
        Response response = loop.responder().respond(parser());
        holdings.addRows(parser().takeAdmitted());
        boolean aged = now - opened > maxAge && (nothingBehind || now - opened > 2 * maxAge);
        boolean going = loop.draining() && (nothingBehind || loop.endsIdle());
        boolean close = !parser().persistent() || aged || going;
        if (close) {
            phase = Phase.ENDING;
            reason =
                    !parser().persistent()
                            ? CloseReason.CLIENT
                            : aged ? CloseReason.AGE : CloseReason.SHUTDOWN;
        }
        loop.responder().add(parser(), response, close, requestSince, this);
    }

    /** Answers and ends. */
    private void end(Response response, CloseReason why) {
        phase = Phase.ENDING;
        reason = why;
        loop.responder().add(parser(), response, true, requestSince, this);
    }

    private void flush(long now) throws IOException {
        if (loop.buffers().pending() > 0 && unsent.length == 0) {
            unsent = loop.buffers().write(channel);
            sent = 0;
            if (unsent.length > 0) {
                stepSince = now;
                lastProgress = now;
                key.interestOps(SelectionKey.OP_WRITE);
            }
        }
        if (phase == Phase.ENDING && unsent.length == 0) {
            linger(now);
        }
        account();
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
            stepSince = now;
            idleSince = now;
            if (phase == Phase.ENDING) {
                linger(now);
                account();
            } else {
                process(loop.buffers().load(kept), now);
            }
        }
    }

    /** Counts what this connection keeps in memory; where all together keep too much, it ends. */
    private void account() {
        boolean begun = phase == Phase.OPEN && (kept.length > 0 || begun());
        holdings.inFlight(begun || unsent.length > 0);
        if (unsent.length == 0) {
            holdings.releaseRows();
        }
        if (!holdings.hold(kept.length + unsent.length)) {
            closeNow(CloseReason.OVERLOAD);
        }
    }

    private void linger(long now) throws IOException {
        phase = Phase.LINGERING;
        lastProgress = now;
        stepSince = now;
        kept = Buffers.NOTHING;
        releaseParser();
        if (inputEnded) {
            closeNow(reason);
            return;
        }
        channel.shutdownOutput();
        key.interestOps(SelectionKey.OP_READ);
    }

    private void dropInput(long now) throws IOException {
        int count = loop.buffers().discard(channel);
        if (count < 0) {
            closeNow(reason);
        } else if (count > 0) {
            lastProgress = now;
        }
    }

    /** Whether bytes came or went after a time. */
    boolean movedSince(long time) {
        return lastProgress - time > 0;
    }

    /** Looks whether it has waited for too long. */
    void sweep(long now, TimeLimits.Nanos times) {
        long silent = now - lastProgress;
        long step = now - stepSince;
        try {
            if (phase == Phase.LINGERING) {
                if (silent > times.linger() || step > LINGERS * times.linger()) {
                    closeNow(reason);
                }
            } else if (unsent.length > 0 || resting) {
                if (silent > times.answerProgress() || step > times.answer()) {
                    closeNow(CloseReason.IDLE);
                }
            } else if (begun() || kept.length > 0) {
                if (parser().inHead()
                        ? step > times.head()
                        : silent > times.bodyProgress() || step > times.body()) {
                    end(Refusals.TIMEOUT, CloseReason.IDLE);
                    flush(now);
                }
            } else if (now - idleSince > (overLimit ? times.head() : times.idle())) {
                endIdle(CloseReason.IDLE, now);
            } else if (loop.endsIdle() && !justOpened(now, times)) {
                endIdle(CloseReason.SHUTDOWN, now);
            }
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Whether its first request must be on its way: whoever connects does so to ask. */
    private boolean justOpened(long now, TimeLimits.Nanos times) {
        return idleSince == opened && now - opened <= times.linger();
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

    void closeNow(CloseReason why) {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            releaseParser();
            unsent = Buffers.NOTHING;
            kept = Buffers.NOTHING;
            account();
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
