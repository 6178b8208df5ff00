package dev.headroom.iris.api.http;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Accepts connections and serves them, on one thread. Several loops may share a listener: whichever wakes first accepts.
 *
 * <p>Once told to go it accepts for a while more, answers with {@code Connection: close}, then ends what idles, and returns
 * when no connection is left or its time is up.
 */
final class EventLoop implements Runnable {
    /** So that accepting does not keep those waiting who are there already. */
    private static final int ACCEPTS_PER_TURN = 256;

    /** Connections that wait share these. */
    private static final int SPARE_PARSERS = 64;

    private static final long TICK_MILLIS = 250;
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

    private final HttpSettings settings;
    private final Limits limits;
    private final TimeLimits.Nanos times;
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final SelectionKey accepting;
    private final Router router;
    private final Gathering gathering = new Gathering();
    private final Buffers buffers = new Buffers();
    private final Responder responder;
    private final Allowance held;
    private final Allowance rows;
    private final SplittableRandom random = new SplittableRandom();
    private final Consumer<SelectionKey> ready = this::ready;
    private final RequestParser[] spareParsers = new RequestParser[SPARE_PARSERS];
    private int spareCount;
    private Connection[] connections = new Connection[64];
    private int count;
    private int refusing;
    private boolean acceptFailed;
    private long lastSweep;
    private long drainingSince;
    private boolean drains;
    private boolean turnBegins;
    private volatile boolean toldToGo;

    EventLoop(HttpSettings settings, ServerSocketChannel listener, List<Route> routes)
            throws IOException {
        this.settings = settings;
        this.limits = settings.limits().share(settings.loops());
        this.times = settings.times().nanos();
        this.listener = listener;
        this.router = new Router(routes);
        this.responder = new Responder(router, buffers, settings.log());
        this.held = new Allowance(limits.heldBytes());
        this.rows = new Allowance(limits.rowsInFlight());
        this.selector = Selector.open();
        this.accepting = listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** A parser for the request that a connection begins to read. */
    RequestParser takeParser() {
        return spareCount > 0
                ? spareParsers[--spareCount]
                : new RequestParser(router, limits, held, rows, settings.log().access());
    }

    /** Takes back what is not needed for now. */
    void giveParser(RequestParser parser) {
        parser.reset();
        if (spareCount < spareParsers.length) {
            spareParsers[spareCount++] = parser;
        }
    }

    Buffers buffers() {
        return buffers;
    }

    Responder responder() {
        return responder;
    }

    Holdings newHoldings() {
        return new Holdings(held, rows, responder.counters());
    }

    /** Whether every answer is to be the connection's last. */
    boolean draining() {
        return toldToGo;
    }

    /** Whether connections without a request are to end. */
    boolean endsIdle() {
        return drains && !accepting.isValid();
    }

    /** Tells it to go; from any thread. */
    void drain() {
        toldToGo = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            lastSweep = System.nanoTime();
            while (!finished()) {
                turnBegins = true;
                int served = selector.select(ready, TICK_MILLIS);
                long now = responder.tick();
                if (toldToGo && !drains) {
                    drains = true;
                    drainingSince = now;
                }
                if (now - lastSweep >= TICK) {
                    sweep(now);
                    lastSweep = now;
                }
                if (gathering.afterTurn(served)) {
                    gathering.pause();
                }
            }
            closeAll();
            selector.selectNow();
            selector.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the event loop can't go on", e);
        }
    }

    private boolean finished() {
        return drains
                && !accepting.isValid()
                && (count == 0 || past(settings.shutdownTimeout(), System.nanoTime()));
    }

    private boolean past(Duration time, long now) {
        return now - drainingSince > time.toNanos();
    }

    private void ready(SelectionKey key) {
        if (key == accepting) {
            accept();
        } else if (key.attachment() instanceof Connection connection) {
            // What was answered last is microseconds ago: only the first of a turn looks at the
            // clock.
            connection.ready(turnBegins ? responder.tick() : responder.now());
            turnBegins = false;
        }
    }

    private void accept() {
        try {
            for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
                if (count >= limits.connections() && refusing >= limits.refusing()) {
                    // Those who wait stay in the backlog until one of these has ended.
                    accepting.interestOps(0);
                    return;
                }
                SocketChannel channel = listener.accept();
                if (channel == null) {
                    return;
                }
                acceptFailed = false;
                open(channel);
            }
        } catch (ClosedChannelException e) {
            // Another loop has closed the listener on the way out.
        } catch (IOException e) {
            // Most likely out of descriptors. Those who wait stay in the backlog until the next
            // sweep; to spin would help no one. It is told once.
            accepting.interestOps(0);
            if (!acceptFailed) {
                acceptFailed = true;
                responder.failed("accepting a connection", e);
            }
        }
    }

    private void open(SocketChannel channel) {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            boolean overLimit = count - refusing >= limits.connections();
            Connection connection =
                    new Connection(this, channel, key, age(), overLimit, responder.tick());
            key.attach(connection);
            if (count == connections.length) {
                connections = Arrays.copyOf(connections, 2 * count);
            }
            connection.index = count;
            connections[count++] = connection;
            responder.counters().acceptedOne();
            if (overLimit) {
                refusing++;
                responder.counters().refusedOne();
            }
        } catch (IOException e) {
            // The client was gone before it was here.
            Connection.close(channel);
        }
    }

    /** A maximum age of its own for each connection, so that those opened together do not end together. */
    private long age() {
        long age = settings.maxConnectionAge().toNanos();
        return age == 0 ? Long.MAX_VALUE / 4 : age - age / 4 + random.nextLong(age / 2 + 1);
    }

    private void sweep(long now) {
        if (drains && accepting.isValid() && past(settings.shutdownDelay(), now)) {
            stopAccepting();
        } else if (accepting.isValid() && accepting.interestOps() == 0) {
            accepting.interestOps(SelectionKey.OP_ACCEPT);
        }
        int active = 0;
        // Backwards, since one that ends is replaced by the last.
        for (int i = count - 1; i >= 0; i--) {
            if (connections[i].movedSince(lastSweep)) {
                active++;
            }
            connections[i].sweep(now, times);
        }
        gathering.decide(now - lastSweep, active);
    }

    /** Those who already wait to be accepted still are: closing a listener resets them. */
    private void stopAccepting() {
        int before;
        do {
            before = count;
            accept();
        } while (count > before);
        accepting.cancel();
        try {
            listener.close();
        } catch (IOException e) {
            responder.failed("closing the listener", e);
        }
    }

    void ended(Connection connection, CloseReason reason) {
        responder.counters().ended(reason);
        if (connection.overLimit()) {
            refusing--;
        }
        Connection last = connections[--count];
        connections[connection.index] = last;
        last.index = connection.index;
        if (accepting.isValid() && accepting.interestOps() == 0 && !acceptFailed) {
            accepting.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    private void closeAll() {
        while (count > 0) {
            Connection last = connections[count - 1];
            last.closeNow(last.reason());
        }
    }
}
