package dev.headroom.lab.load.lua;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What the prelude asks the program: the first argument says what. Answers with a value, or with nil and the problem. */
final class Host implements LuaJit.Callback {
    private static final int CONNECT_MILLIS = 10_000;

    private final Script script;
    private final LuaState lua;

    Host(Script script, LuaState lua) {
        this.script = script;
        this.lua = lua;
    }

    @Override
    public int call(long state) {
        if (state != lua.address) {
            // A coroutine has a stack of its own.
            return problem(state, "wrk's functions can't be called in a coroutine");
        }
        try {
            return answer(lua.text(1));
        } catch (ScriptException | IOException | RuntimeException e) {
            return problem(state, String.valueOf(e.getMessage()));
        }
    }

    private static int problem(long state, String problem) {
        LuaJit.pushNil(state);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(problem);
            LuaJit.pushText(state, text.address(), text.byteSize() - 1);
        }
        return 2;
    }

    private int answer(String what) throws ScriptException, IOException {
        switch (what) {
            case "lookup" -> lua.push(lookup(lua.text(2), lua.text(3)));
            case "connect" -> LuaJit.push(lua.address, connect(Target.address(lua.text(2))));
            case "get" -> get(thread(), lua.text(3));
            case "set" -> set(thread(), lua.text(3));
            case "stop" -> thread().stop();
            case "address" -> lua.push(text(thread().address()));
            case "direct" -> thread().direct(Target.address(lua.text(3)));
            default -> {
                return statistics(what, script.statistics(lua.text(2)));
            }
        }
        return what.matches("set|stop|direct") ? 0 : 1;
    }

    private int statistics(String what, Histogram histogram) throws ScriptException {
        double argument = LuaJit.toNumber(lua.address, 3);
        if (what.equals("value")) {
            Statistics.Seen seen = Statistics.value(histogram, argument);
            LuaJit.push(lua.address, seen.value());
            LuaJit.pushNil(lua.address);
            LuaJit.push(lua.address, seen.count());
            return 3;
        }
        LuaJit.push(
                lua.address,
                switch (what) {
                    case "min" -> Statistics.min(histogram);
                    case "max" -> histogram.getMaxValue();
                    case "mean" -> histogram.getMean();
                    case "stdev" -> Statistics.deviation(histogram);
                    case "percentile" -> Statistics.percentile(histogram, argument);
                    case "distinct" -> Statistics.distinct(histogram);
                    default -> throw new ScriptException("the program does not know " + what);
                });
        return 1;
    }

    private ThreadScript thread() {
        return script.thread((int) LuaJit.toNumber(lua.address, 2));
    }

    private void get(ThreadScript from, String key) throws ScriptException {
        LuaJit.getField(from.lua.address, LuaJit.GLOBALS, from.lua.name(key));
        try {
            if (from.lua == lua) {
                LuaJit.pushCopy(lua.address, -1);
            } else {
                from.lua.copy(-1, lua);
            }
        } finally {
            if (from.lua != lua) {
                from.lua.drop(1);
            }
        }
    }

    private void set(ThreadScript to, String key) throws ScriptException {
        int before = LuaJit.top(to.lua.address);
        try {
            LuaJit.pushCopy(lua.address, 4);
            if (to.lua != lua) {
                lua.copy(-1, to.lua);
            }
            LuaJit.setField(to.lua.address, LuaJit.GLOBALS, to.lua.name(key));
        } catch (ScriptException e) {
            LuaJit.setTop(to.lua.address, before);
            throw e;
        }
    }

    private static String lookup(String host, String service) throws UnknownHostException {
        try {
            return Target.lookup(host, service);
        } catch (UnknownHostException e) {
            throw new UnknownHostException(
                    "unable to resolve " + host + ":" + service + " " + e.getMessage());
        }
    }

    /** Whether somebody listens there. */
    private boolean connect(InetSocketAddress to) {
        try (Socket socket = new Socket()) {
            socket.connect(to, CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            script.refused = to + ": " + e.getMessage();
            return false;
        }
    }

    private static String text(@Nullable InetSocketAddress address) {
        return address == null
                ? ""
                : address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
