package dev.headroom.lab.load.engine;

import dev.headroom.lab.load.lua.Script;
import dev.headroom.lab.load.lua.ScriptException;
import dev.headroom.lab.load.lua.Target;
import dev.headroom.lab.load.lua.ThreadScript;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A whole load: the script is loaded, the loops run each on a thread of its own, their counts are added up, the script's {@code done} is called. */
final class Engine {
    private static final int CONNECT_MILLIS = 10_000;

    private final Job job;
    private final Target target;
    private final Stop stop;
    private final OutputStream seconds;
    private final List<Loop> loops = new ArrayList<>();
    private final List<Meter> meters = new ArrayList<>();

    /**
     * @param seconds gets a {@link Second} for each, as {@link Reporter} writes them
     */
    Engine(Job job, Stop stop, OutputStream seconds) {
        this.seconds = seconds;
        this.job = job;
        this.target = Target.of(job.url());
        this.stop = stop;
    }

    /**
     * Runs it.
     *
     * @throws ScriptException where the script fails, or there is nobody to send to
     */
    Figures run() throws ScriptException, IOException, InterruptedException {
        String file = job.script();
        if (file == null) {
            return offer(null);
        }
        try (Script script = Script.load(file, target, job.threads())) {
            return offer(script);
        }
    }

    private Figures offer(@Nullable Script script)
            throws ScriptException, IOException, InterruptedException {
        prepare(script);
        Reporter reporter = new Reporter(job, meters, seconds);
        if (job.startNanos() != 0) {
            stop.await(job.startNanos() - System.nanoTime());
        }
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        threads.add(start("report", () -> reporter.run(start)));
        for (int i = 0; i < loops.size(); i++) {
            Loop loop = loops.get(i);
            threads.add(start("load-" + i, () -> loop.run(start, stop)));
        }
        stop.await(start + job.durationNanos() - System.nanoTime());
        for (Thread thread : threads) {
            thread.join();
        }
        rethrow();
        long nanos = System.nanoTime() - start;
        Figures figures =
                Figures.of(
                        reporter.total,
                        reporter.mostOpen(),
                        job.wallMillis(start),
                        job.wallMillis(start + nanos));
        if (script != null) {
            done(script, figures, nanos);
        }
        return figures;
    }

    private void prepare(@Nullable Script script) throws ScriptException, IOException {
        InetSocketAddress address = script == null ? reachable() : null;
        for (int i = 0; i < job.threads(); i++) {
            ThreadScript thread = script == null ? null : script.thread(i);
            Requests requests =
                    script == null || thread == null
                            ? Requests.plain(target)
                            : Requests.of(thread, script.isStatic());
            if (job.isRate() && requests.batch() > 1) {
                throw new ScriptException(
                        "at a constant rate request() must give one request at a time, it gave "
                                + requests.batch());
            }
            Loop.Manner manner =
                    new Loop.Manner(
                            thread,
                            script != null && script.hasDelay(),
                            script != null && script.wantsResponse());
            Meter meter = new Meter(job.timeoutMicros());
            meters.add(meter);
            InetSocketAddress to = address != null ? address : addressOf(thread);
            loops.add(new Loop(job, i, to, requests, manner, meter));
        }
    }

    private static InetSocketAddress addressOf(@Nullable ThreadScript thread) {
        if (thread == null) {
            throw new IllegalStateException("a thread has neither script nor address");
        }
        return thread.address();
    }

    /** The target's first address where somebody listens, as wrk looks for it. */
    private InetSocketAddress reachable() throws ScriptException {
        String problem = "it has no address";
        int port = target.port() == null ? 80 : Integer.parseInt(target.port());
        try {
            for (InetAddress each : InetAddress.getAllByName(target.host())) {
                InetSocketAddress address = new InetSocketAddress(each, port);
                try (Socket socket = new Socket()) {
                    socket.connect(address, CONNECT_MILLIS);
                    return address;
                } catch (IOException e) {
                    problem = address + ": " + e.getMessage();
                }
            }
        } catch (IOException unknown) {
            problem = "the name can't be resolved: " + unknown.getMessage();
        }
        throw new ScriptException("unable to connect to " + target.authority() + ", " + problem);
    }

    private interface Work {
        void run() throws Exception;
    }

    private Thread start(String name, Work work) {
        return Thread.ofPlatform()
                .name(name)
                .start(() -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        stop.fail(e);
                    }
                });
    }

    private void rethrow() throws ScriptException, IOException {
        switch (stop.failure()) {
            case null -> {
                // All went well.
            }
            case ScriptException e -> throw e;
            case IOException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void done(Script script, Figures figures, long nanos) throws ScriptException {
        Histogram rates = new Histogram(3);
        loops.forEach(loop -> rates.add(loop.rates()));
        script.done(
                new Script.Summary(
                        nanos / 1000,
                        figures.answers(),
                        figures.bytes(),
                        figures.connect(),
                        figures.read(),
                        figures.write(),
                        figures.status(),
                        figures.late()),
                figures.latency(),
                rates);
        script.flush();
    }
}
