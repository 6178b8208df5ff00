package dev.headroom.lab.load.lua;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** One Lua state with the standard libraries. Used by one thread at a time. */
final class LuaState implements AutoCloseable {
    private static final int DEEPEST = 100;

    final long address = LuaJit.newState();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment length = arena.allocate(JAVA_LONG);
    private MemorySegment scratch = arena.allocate(4096);

    /** What lives as long as the state. */
    Arena arena() {
        return arena;
    }

    /** A name as C has it, for as long as the state lives. */
    long name(String name) {
        return arena.allocateFrom(name).address();
    }

    /** Runs a file's text; what it returns is dropped. */
    void run(String file) throws ScriptException {
        check(LuaJit.loadFile(address, name(file)));
        call(0, 0);
    }

    /** Loads text as a function onto the stack. */
    void load(String text, String chunk) throws ScriptException {
        MemorySegment bytes = put(text.getBytes(StandardCharsets.UTF_8));
        check(LuaJit.load(address, bytes.address(), bytes.byteSize(), name(chunk)));
    }

    /** Calls the function that lies under its arguments. */
    void call(int arguments, int results) throws ScriptException {
        check(LuaJit.call(address, arguments, results));
    }

    private void check(int outcome) throws ScriptException {
        if (outcome != 0) {
            String message =
                    LuaJit.type(address, -1) == LuaJit.STRING
                            ? text(-1)
                            : "an error that is no text but a value of Lua's type "
                                    + LuaJit.type(address, -1);
            drop(1);
            throw new ScriptException(message);
        }
    }

    void drop(int count) {
        LuaJit.setTop(address, -count - 1);
    }

    boolean isFunction(long global) {
        LuaJit.getField(address, LuaJit.GLOBALS, global);
        boolean is = LuaJit.type(address, -1) == LuaJit.FUNCTION;
        drop(1);
        return is;
    }

    void push(String text) {
        push(text.getBytes(StandardCharsets.UTF_8));
    }

    void push(byte[] text) {
        push(text, 0, text.length);
    }

    void push(byte[] bytes, int from, int count) {
        MemorySegment copy = room(count);
        MemorySegment.copy(bytes, from, copy, JAVA_BYTE, 0, count);
        LuaJit.pushText(address, copy.address(), count);
    }

    private MemorySegment put(byte[] bytes) {
        MemorySegment copy = room(bytes.length).asSlice(0, bytes.length);
        MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
        return copy;
    }

    private MemorySegment room(int size) {
        if (scratch.byteSize() < size) {
            scratch = arena.allocate(Math.max(size, scratch.byteSize() * 2));
        }
        return scratch;
    }

    /** Where the text at an index lies until it is dropped; 0 where it is none. Its length is then {@link #textLength()}. */
    long textAddress(int index) {
        return LuaJit.toText(address, index, length.address());
    }

    int textLength() {
        return (int) length.get(JAVA_LONG, 0);
    }

    byte[] bytes(int index) {
        long at = textAddress(index);
        return at == 0 ? new byte[0] : LuaJit.MEMORY.asSlice(at, textLength()).toArray(JAVA_BYTE);
    }

    /** Decoded as UTF-8; what is none is replaced. */
    String text(int index) {
        return new String(bytes(index), StandardCharsets.UTF_8);
    }

    /** Copies a value into another state, onto its stack: nothing, truth, number, text, or a table of these. */
    void copy(int index, LuaState to) throws ScriptException {
        copy(index, to, DEEPEST);
    }

    private void copy(int index, LuaState to, int deepest) throws ScriptException {
        switch (LuaJit.type(address, index)) {
            case LuaJit.NIL -> LuaJit.pushNil(to.address);
            case LuaJit.BOOLEAN -> LuaJit.push(to.address, LuaJit.toBoolean(address, index));
            case LuaJit.NUMBER -> LuaJit.push(to.address, LuaJit.toNumber(address, index));
            case LuaJit.STRING -> to.push(bytes(index));
            case LuaJit.TABLE -> copyTable(index, to, deepest);
            default -> throw new ScriptException("only plain values can go to another thread");
        }
    }

    private void copyTable(int index, LuaState to, int deepest) throws ScriptException {
        if (deepest == 0 || !LuaJit.hasRoom(address, 4) || !LuaJit.hasRoom(to.address, 4)) {
            throw new ScriptException("a table that holds itself can't go to another thread");
        }
        int table = index < 0 ? LuaJit.top(address) + index + 1 : index;
        LuaJit.newTable(to.address, 0);
        LuaJit.pushNil(address);
        while (LuaJit.next(address, table)) {
            int before = LuaJit.top(address);
            try {
                copy(-2, to, deepest - 1);
                copy(-1, to, deepest - 1);
            } catch (ScriptException e) {
                LuaJit.setTop(address, before - 2);
                throw e;
            }
            LuaJit.rawSet(to.address, -3);
            drop(1);
        }
    }

    @Override
    public void close() {
        LuaJit.close(address);
        arena.close();
    }
}
