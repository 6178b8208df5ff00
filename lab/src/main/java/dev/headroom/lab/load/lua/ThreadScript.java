package dev.headroom.lab.load.lua;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The script as one thread of the load runs it, in a Lua state of its own. */
public final class ThreadScript {
    final LuaState lua;
    private final long request;
    private final long delay;
    private final long response;
    private final int enter;
    private @Nullable InetSocketAddress address;
    private volatile boolean stopped;

    ThreadScript(LuaState lua, int enter) {
        this.lua = lua;
        this.enter = enter;
        this.request = lua.name("request");
        this.delay = lua.name("delay");
        this.response = lua.name("response");
    }

    /** Calls the script for the next request, whose bytes lie at the result until {@link #release}; {@link #length()} tells how many. */
    public long request() throws ScriptException {
        LuaJit.getField(lua.address, LuaJit.GLOBALS, request);
        if (LuaJit.type(lua.address, -1) == LuaJit.FUNCTION) {
            lua.call(0, 1);
        } else {
            lua.drop(1);
            push("request");
            lua.call(1, 1);
        }
        long at = lua.textAddress(-1);
        if (at == 0) {
            lua.drop(1);
            throw new ScriptException("request() gave no text");
        }
        return at;
    }

    public int length() {
        return lua.textLength();
    }

    public void release() {
        lua.drop(1);
    }

    /** Milliseconds to wait before the next request. */
    public long delay() throws ScriptException {
        LuaJit.getField(lua.address, LuaJit.GLOBALS, delay);
        lua.call(0, 1);
        long millis = (long) LuaJit.toNumber(lua.address, -1);
        lua.drop(1);
        return Math.max(0, millis);
    }

    /**
     * Tells the script of an answer.
     *
     * @param headers names and values in turn
     */
    public void response(int status, List<byte[]> headers, byte[] body, int length)
            throws ScriptException {
        LuaJit.getField(lua.address, LuaJit.GLOBALS, response);
        LuaJit.push(lua.address, (double) status);
        LuaJit.newTable(lua.address, headers.size() / 2);
        for (int i = 0; i < headers.size(); i += 2) {
            lua.push(headers.get(i));
            lua.push(headers.get(i + 1));
            LuaJit.rawSet(lua.address, -3);
        }
        lua.push(body, 0, length);
        lua.call(3, 0);
    }

    /** Lays the prelude's entry and what is wanted of it onto the stack. */
    void push(String what) {
        LuaJit.rawGet(lua.address, LuaJit.REGISTRY, enter);
        lua.push(what);
    }

    void enter(String what) throws ScriptException {
        push(what);
        lua.call(1, 0);
    }

    void enter(String what, double argument) throws ScriptException {
        push(what);
        LuaJit.push(lua.address, argument);
        lua.call(2, 0);
    }

    /** Where the script sends this thread's requests. */
    public InetSocketAddress address() {
        if (address == null) {
            throw new IllegalStateException("the thread has no address yet");
        }
        return address;
    }

    void direct(InetSocketAddress to) {
        address = to;
    }

    void stop() {
        stopped = true;
    }

    /** Whether the script asked this thread to end. */
    public boolean isStopped() {
        return stopped;
    }
}
