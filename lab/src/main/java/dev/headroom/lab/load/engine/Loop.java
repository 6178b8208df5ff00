package dev.headroom.lab.load.engine;

import dev.headroom.lab.load.engine.Connection.State;
import dev.headroom.lab.load.lua.ScriptException;
import dev.headroom.lab.load.lua.ThreadScript;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.PriorityQueue;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One thread of the load: its connections, and what is sent on them when.
 *
 * <pre>
 *   FAILED ─▶ CONNECTING ─▶ [DELAYED ─▶] BUSY ─▶ [DELAYED ─▶] BUSY …      closed loop: the next request when the answer is there
 *                │    ─▶ FREE ─▶ BUSY ─▶ FREE …                          constant rate: the next request when it is due
 *                └─▶ FAILED (again in a while), DEAD (no socket was given)
 * </pre>
 *
 * A connection that ends, in order or not, is opened again at once.
 */
final class Loop {
    private static final long SETTLE_NANOS = 1_000_000_000;

    private final Job job;
    private final InetSocketAddress target;
    private final Requests requests;
    private final @Nullable ThreadScript script;
    private final boolean delays;
    private final boolean responses;
    private final Meter meter;
    private final Beats beats;
    private final Network network;
    private final Connection[] connections;
    private final @Nullable Schedule schedule;
    private final FreeList free;
    private final PriorityQueue<Connection> timers =
            new PriorityQueue<>((a, b) -> Long.compare(a.wakeAt, b.wakeAt));
    private long start;
    private long end;
    private long now;
    private int settled;
    private boolean running;

    /** What a loop does besides sending: fixed for the load. */
    record Manner(@Nullable ThreadScript script, boolean delays, boolean responses) {}

    Loop(
            Job job,
            int index,
            InetSocketAddress target,
            Requests requests,
            Manner manner,
            Meter meter)
            throws IOException {
        this.job = job;
        this.target = target;
        this.requests = requests;
        this.script = manner.script();
        this.delays = manner.delays() && !job.isRate();
        this.responses = manner.responses();
        this.meter = meter;
        this.beats = new Beats(meter);
        this.network = Network.open(target);
        this.connections = new Connection[job.connectionsPerThread()];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new Connection(i, responses);
        }
        this.free = new FreeList(connections.length);
        this.schedule =
                job.isRate() ? new Schedule(job.ratePerSecond(), job.threads(), index) : null;
    }

    /**
     * Sends until the end, the script's stop or the engine's.
     *
     * @param start of the load, as {@link System#nanoTime} tells it
     */
    void run(long start, Stop stop) throws ScriptException, IOException {
        this.start = start;
        this.end = start + job.durationNanos();
        now = System.nanoTime();
        meter.begin(start, end);
        beats.begin(now);
        try {
            for (Connection connection : connections) {
                connect(connection);
            }
            while (now < end && !stop.isAsked() && !isStopped()) {
                int count = network.await(nextTimed() - System.nanoTime());
                now = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    event(i);
                }
                now = System.nanoTime();
                timed();
            }
        } finally {
            meter.end(Math.min(now, end));
            close();
        }
    }

    private void close() {
        for (Connection connection : connections) {
            if (connection.state != State.FAILED && connection.state != State.DEAD) {
                network.close(connection.socket);
            }
        }
        network.close();
    }

    /** Requests a second that were answered. */
    Histogram rates() {
        return beats.rates();
    }

    private boolean isStopped() {
        return script != null && script.isStopped();
    }

    private long nextTimed() {
        long next = Math.min(beats.next(), Math.min(end, meter.nextSecond()));
        Connection first = timers.peek();
        if (first != null) {
            next = Math.min(next, first.wakeAt);
        }
        return schedule != null && running ? Math.min(next, schedule.next()) : next;
    }

    private void timed() throws ScriptException {
        beats.at(now);
        for (Connection c = timers.peek(); c != null && c.wakeAt <= now; c = timers.peek()) {
            timers.poll();
            if (c.state == State.DELAYED) {
                send(c, 0);
            } else {
                connect(c);
            }
        }
        if (schedule != null) {
            due(schedule);
        }
        meter.atSecond(now);
    }

    /** Sends what is due, as far as there are connections; what is left over waits for one, and its time runs. */
    private void due(Schedule schedule) throws ScriptException {
        if (!running) {
            if (settled < connections.length && now < start + SETTLE_NANOS) {
                return;
            }
            running = true;
            schedule.start(now);
        }
        for (long next = schedule.next(); next <= now && next < end; next = schedule.next()) {
            schedule.becameDue();
            meter.due(1);
            meter.lag(now - next);
        }
        while (schedule.hasBacklog() && !free.isEmpty()) {
            send(connections[free.take()], schedule.take());
        }
    }

    private void event(int i) throws ScriptException {
        long token = network.token(i);
        Connection c = connections[(int) token];
        if (c.generation != (int) (token >>> 32)) {
            return;
        }
        if (c.state == State.CONNECTING) {
            if (network.writable(i) || network.ended(i)) {
                connected(c);
            }
            return;
        }
        int generation = c.generation;
        MemorySegment rest = c.rest;
        if (rest != null && network.writable(i)) {
            write(c, rest.address(), (int) rest.byteSize());
        }
        if (generation == c.generation && network.readable(i)) {
            read(c, network.ended(i));
        }
    }

    private void connect(Connection c) {
        c.begin();
        c.state = State.CONNECTING;
        try {
            c.socket = network.connect(target, c.token());
            if (c.socket < 0) {
                connectFailed(c);
            }
        } catch (IOException noSocket) {
            meter.connectFailed(String.valueOf(noSocket.getMessage()));
            c.state = State.DEAD;
            settled++;
        }
    }

    private void connectFailed(Connection c) {
        meter.connectFailed(network.problem());
        settled++;
        c.state = State.FAILED;
        c.wakeAt = now + c.nextRetry();
        timers.add(c);
    }

    private void connected(Connection c) throws ScriptException {
        if (!network.established(c.socket)) {
            network.close(c.socket);
            connectFailed(c);
            return;
        }
        settled++;
        meter.opened();
        c.established();
        next(c);
    }

    /** What a connection does that has nothing under way. */
    private void next(Connection c) throws ScriptException {
        if (schedule != null) {
            if (schedule.hasBacklog()) {
                send(c, schedule.take());
            } else {
                c.state = State.FREE;
                free.add(c.slot);
            }
        } else if (delays && script != null) {
            c.state = State.DELAYED;
            c.wakeAt = now + script.delay() * 1_000_000;
            timers.add(c);
        } else {
            send(c, 0);
        }
    }

    /**
     * Sends the next request.
     *
     * @param due when it was; in a closed loop that is now
     */
    private void send(Connection c, long due) throws ScriptException {
        long at = requests.next();
        try {
            c.state = State.BUSY;
            c.pending = requests.batch();
            c.heads = requests.heads(at);
            if (schedule == null) {
                meter.due(c.pending);
                c.since = System.nanoTime();
            } else {
                c.since = due;
            }
            write(c, at, requests.length());
        } finally {
            requests.done();
        }
    }

    private void write(Connection c, long at, int length) {
        int n = network.write(c.socket, at, length);
        if (n == Network.FAILED) {
            meter.writeFailed(c.pending);
            reopen(c);
        } else {
            c.wrote(Math.max(0, n), at, length, requests);
        }
    }

    /**
     * Reads what there is.
     *
     * @param ended whether the other side has ended the stream: then what it still sent is read to the end
     */
    private void read(Connection c, boolean ended) throws ScriptException {
        int n;
        do {
            n = network.read(c.socket);
            if (n == Network.AGAIN) {
                return;
            }
            if (n <= 0) {
                over(c, n == Network.FAILED);
                return;
            }
            meter.bytes(n);
            if (!take(c, n, ended)) {
                return;
            }
        } while (ended || n == network.buffer().length);
    }

    /** False where the connection was replaced. */
    private boolean take(Connection c, int n, boolean ended) throws ScriptException {
        long at = System.nanoTime();
        int generation = c.generation;
        try {
            for (int i = 0; i < n; ) {
                if (c.pending == 0) {
                    return lost(c, 1); // An answer that nobody asked for.
                }
                i = c.parser.take(network.buffer(), i, n, (c.heads & 1) != 0);
                if (c.parser.isDone() && !answered(c, at)) {
                    return false;
                }
            }
        } catch (ResponseParser.Malformed e) {
            meter.note(String.valueOf(e.getMessage()));
            return lost(c, c.pending);
        }
        if (c.pending == 0 && c.state == State.BUSY) {
            if (ended) {
                reopen(c); // Nothing sent here would be answered.
                return false;
            }
            next(c);
        }
        return c.generation == generation;
    }

    /** False where the connection was replaced, as the answer wants it. */
    private boolean answered(Connection c, long at) throws ScriptException {
        ResponseParser answer = c.parser;
        c.pending--;
        c.heads >>>= 1;
        meter.answer(answer.status(), at - c.since);
        if (responses && script != null) {
            byte[] body = answer.body();
            script.response(answer.status(), answer.headers(), body, body.length);
        }
        boolean keepAlive = answer.keepAlive();
        answer.next();
        if (!keepAlive) {
            if (c.pending > 0) {
                meter.readFailed(c.pending);
            }
            reopen(c);
        }
        return keepAlive;
    }

    /** The stream is over: it may end an answer, or come where nothing was under way, which is no failure. */
    private void over(Connection c, boolean failed) throws ScriptException {
        if (!failed && c.pending > 0 && c.parser.end()) {
            answered(c, System.nanoTime());
        } else if (c.pending > 0) {
            lost(c, c.pending);
        } else {
            reopen(c);
        }
    }

    private boolean lost(Connection c, int requests) {
        meter.readFailed(requests);
        reopen(c);
        return false;
    }

    private void reopen(Connection c) {
        if (c.state == State.DELAYED) {
            timers.remove(c);
        } else if (c.state == State.FREE) {
            free.remove(c.slot);
        }
        network.close(c.socket);
        meter.closed();
        connect(c);
    }
}
