package dev.headroom.lab.load.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.headroom.lab.load.lua.ScriptException;
import dev.headroom.lab.load.lua.Target;
import dev.headroom.lab.load.lua.ThreadScript;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a loop sends next: always the same bytes, or what its script says each time. */
final class Requests {
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final int LONGEST_HEAD_METHOD = 5;

    private final @Nullable ThreadScript script;
    private final MemorySegment fixed;
    private final int batch;
    private int length;

    private Requests(@Nullable ThreadScript script, byte[] first) throws ScriptException {
        this.script = script;
        this.fixed = Arena.ofAuto().allocateFrom(JAVA_BYTE, first);
        this.batch = RequestBytes.count(first);
        this.length = first.length;
    }

    /** Without a script: {@code GET}. */
    static Requests plain(Target target) throws ScriptException {
        String text =
                "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(target.path(), target.authority());
        return new Requests(null, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A script's; it is asked once at the start, as wrk does, to see what it gives.
     *
     * @param isStatic whether that is all it is ever asked
     */
    static Requests of(ThreadScript script, boolean isStatic) throws ScriptException {
        long at = script.request();
        byte[] first = MEMORY.asSlice(at, script.length()).toArray(JAVA_BYTE);
        script.release();
        return new Requests(isStatic ? null : script, first);
    }

    /** How many requests are sent at once, one behind the other (pipelining). */
    int batch() {
        return batch;
    }

    /** Where the next request is, until {@link #done}. */
    long next() throws ScriptException {
        if (script == null) {
            return fixed.address();
        }
        long at = script.request();
        length = script.length();
        return at;
    }

    int length() {
        return length;
    }

    void done() {
        if (script != null) {
            script.release();
        }
    }

    /** A bit for each of the batch that is {@code HEAD}. */
    long heads(long at) {
        if (batch == 1) {
            return length > LONGEST_HEAD_METHOD
                            && MEMORY.get(JAVA_BYTE, at) == 'H'
                            && MEMORY.get(JAVA_BYTE, at + 1) == 'E'
                            && MEMORY.get(JAVA_BYTE, at + 3) == 'D'
                    ? 1
                    : 0;
        }
        return RequestBytes.heads(MEMORY.asSlice(at, length).toArray(JAVA_BYTE));
    }

    /** Keeps what is not sent yet beyond {@link #done}; the result's address is where it is. */
    MemorySegment keep(long at, int count) {
        if (script == null) {
            return MEMORY.asSlice(at, count);
        }
        return Arena.ofAuto().allocate(count).copyFrom(MEMORY.asSlice(at, count));
    }
}
