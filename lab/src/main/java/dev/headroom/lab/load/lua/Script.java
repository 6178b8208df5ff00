package dev.headroom.lab.load.lua;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A user's script with everything wrk promises it: run once for each thread of the load, and once more for {@code setup} and {@code done},
 * each in a Lua state of its own.
 */
public final class Script implements AutoCloseable {
    private final String file;
    private final Target target;
    private final List<LuaState> states = new ArrayList<>();
    private final List<ThreadScript> threads = new ArrayList<>();
    private final ThreadScript main;
    private @Nullable Histogram latency;
    private @Nullable Histogram requests;
    @Nullable String refused;

    /**
     * What a load came to, in wrk's units.
     *
     * @param durationMicros from the first connect
     */
    public record Summary(
            long durationMicros,
            long requests,
            long bytes,
            long connect,
            long read,
            long write,
            long status,
            long timeout) {}

    private Script(String file, Target target) throws ScriptException {
        this.file = file;
        this.target = target;
        this.main = create();
    }

    /**
     * Loads the script, finds out where its load goes, and lets it prepare each thread.
     *
     * @throws ScriptException where it fails, or nobody listens at the target
     */
    public static Script load(String file, Target target, int threads) throws ScriptException {
        Script script = new Script(file, target);
        try {
            script.resolve();
            for (int i = 0; i < threads; i++) {
                ThreadScript thread = script.create();
                script.threads.add(thread);
                thread.enter("adopt", i);
                script.main.enter("setup", i);
                thread.enter("init");
            }
            return script;
        } catch (ScriptException e) {
            script.close();
            throw e;
        }
    }

    private ThreadScript create() throws ScriptException {
        LuaState lua = new LuaState();
        states.add(lua);
        lua.load(prelude(), "=wrk");
        LuaJit.pushFunction(lua.address, LuaJit.callback(new Host(this, lua), lua.arena()));
        lua.push(target.url());
        lua.push(target.scheme());
        lua.push(target.host());
        if (target.port() == null) {
            LuaJit.pushNil(lua.address);
        } else {
            lua.push(target.port());
        }
        lua.push(target.path());
        lua.call(6, 1);
        int enter = LuaJit.reference(lua.address);
        lua.run(file);
        return new ThreadScript(lua, enter);
    }

    private static String prelude() {
        try (InputStream in = Script.class.getResourceAsStream("prelude.lua")) {
            if (in == null) {
                throw new IllegalStateException("prelude.lua is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("prelude.lua can't be read", e);
        }
    }

    private void resolve() throws ScriptException {
        LuaState lua = main.lua;
        main.push("resolve");
        lua.push(target.service());
        lua.call(2, 1);
        double found = LuaJit.toNumber(lua.address, -1);
        lua.drop(1);
        if (found == 0) {
            throw new ScriptException(
                    "unable to connect to "
                            + target.authority()
                            + (refused == null ? "" : ", " + refused));
        }
    }

    public ThreadScript thread(int index) {
        return threads.get(index);
    }

    /** Whether one request, made once, is all that is ever sent. */
    public boolean isStatic() {
        return !defines("request");
    }

    public boolean hasDelay() {
        return defines("delay");
    }

    public boolean wantsResponse() {
        return defines("response");
    }

    /** As the first thread's state has it: wrk asks no other. */
    private boolean defines(String function) {
        LuaState lua = threads.getFirst().lua;
        return lua.isFunction(lua.name(function));
    }

    Histogram statistics(String which) throws ScriptException {
        Histogram histogram = which.equals("latency") ? latency : requests;
        if (histogram == null) {
            throw new ScriptException("statistics are known in done() only");
        }
        return histogram;
    }

    /**
     * Calls the script's {@code done}, if it has one.
     *
     * @param latency of every answer, microseconds
     * @param requests a second, of each thread, looked at every 100 ms
     */
    public void done(Summary summary, Histogram latency, Histogram requests)
            throws ScriptException {
        LuaState lua = main.lua;
        if (!lua.isFunction(lua.name("done"))) {
            return;
        }
        this.latency = latency;
        this.requests = requests;
        main.push("done");
        double[] figures = {
            summary.durationMicros(),
            summary.requests(),
            summary.bytes(),
            summary.connect(),
            summary.read(),
            summary.write(),
            summary.status(),
            summary.timeout()
        };
        for (double figure : figures) {
            LuaJit.push(lua.address, figure);
        }
        lua.call(1 + figures.length, 0);
    }

    /** Whatever the scripts printed is on its way. */
    public void flush() throws ScriptException {
        main.enter("flush");
    }

    @Override
    public void close() {
        states.forEach(LuaState::close);
        states.clear();
    }
}
