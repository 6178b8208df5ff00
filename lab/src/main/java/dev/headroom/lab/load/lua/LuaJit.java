package dev.headroom.lab.load.lua;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * LuaJIT's C interface (Lua 5.1), as far as the host of a script needs it. Pointers are plain numbers, so that no call makes an object.
 *
 * <p>An error in Lua leaps over the frames of C to the nearest {@code lua_pcall}; no frame of Java may lie between. So everything that can
 * fail runs inside {@link #call}, and what Lua calls in Java reports an error as a result, which Lua code then raises.
 */
final class LuaJit {
    static final int GLOBALS = -10002;
    static final int REGISTRY = -10000;

    static final int NIL = 0;
    static final int BOOLEAN = 1;
    static final int NUMBER = 3;
    static final int STRING = 4;
    static final int TABLE = 5;
    static final int FUNCTION = 6;

    /** All memory, for reading what Lua points at. */
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = Natives.load();

    private static final MethodHandle NEW_STATE = function("luaL_newstate", JAVA_LONG);
    private static final MethodHandle OPEN_LIBRARIES = procedure("luaL_openlibs", JAVA_LONG);
    private static final MethodHandle CLOSE = procedure("lua_close", JAVA_LONG);
    private static final MethodHandle LOAD_FILE =
            function("luaL_loadfile", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle LOAD_BUFFER =
            function("luaL_loadbuffer", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PCALL =
            function("lua_pcall", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle GET_FIELD =
            procedure("lua_getfield", JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle SET_FIELD =
            procedure("lua_setfield", JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle RAW_GET_INDEX =
            procedure("lua_rawgeti", JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle RAW_SET = procedure("lua_rawset", JAVA_LONG, JAVA_INT);
    private static final MethodHandle NEXT = function("lua_next", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle NEW_TABLE =
            procedure("lua_createtable", JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle SET_TOP = procedure("lua_settop", JAVA_LONG, JAVA_INT);
    private static final MethodHandle GET_TOP = function("lua_gettop", JAVA_INT, JAVA_LONG);
    private static final MethodHandle TYPE = function("lua_type", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle TO_STRING =
            function("lua_tolstring", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle TO_NUMBER =
            function("lua_tonumber", JAVA_DOUBLE, JAVA_LONG, JAVA_INT);
    private static final MethodHandle TO_BOOLEAN =
            function("lua_toboolean", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle PUSH_NIL = procedure("lua_pushnil", JAVA_LONG);
    private static final MethodHandle PUSH_BOOLEAN =
            procedure("lua_pushboolean", JAVA_LONG, JAVA_INT);
    private static final MethodHandle PUSH_NUMBER =
            procedure("lua_pushnumber", JAVA_LONG, JAVA_DOUBLE);
    private static final MethodHandle PUSH_STRING =
            procedure("lua_pushlstring", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PUSH_VALUE = procedure("lua_pushvalue", JAVA_LONG, JAVA_INT);
    private static final MethodHandle PUSH_FUNCTION =
            procedure("lua_pushcclosure", JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle REFERENCE =
            function("luaL_ref", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CHECK_STACK =
            function("lua_checkstack", JAVA_INT, JAVA_LONG, JAVA_INT);

    private LuaJit() {}

    private static MethodHandle function(
            String name, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(result, parameters));
    }

    private static MethodHandle procedure(String name, MemoryLayout... parameters) {
        return LINKER.downcallHandle(symbol(name), FunctionDescriptor.ofVoid(parameters));
    }

    private static MemorySegment symbol(String name) {
        return LIBRARY.find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("LuaJIT has no " + name));
    }

    /** What Lua may call; as {@code lua_CFunction} it returns how many results it left on the stack. */
    interface Callback {
        int call(long state);
    }

    /** A C function that calls into Java; it must not throw. */
    static long callback(Callback callback, Arena arena) {
        try {
            MethodHandle handle =
                    MethodHandles.lookup()
                            .findVirtual(
                                    Callback.class,
                                    "call",
                                    MethodType.methodType(int.class, long.class))
                            .bindTo(callback);
            return LINKER.upcallStub(handle, FunctionDescriptor.of(JAVA_INT, JAVA_LONG), arena)
                    .address();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static long newState() {
        try {
            long state = (long) NEW_STATE.invokeExact();
            if (state == 0) {
                throw new OutOfMemoryError("no memory for a Lua state");
            }
            OPEN_LIBRARIES.invokeExact(state);
            return state;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void close(long state) {
        try {
            CLOSE.invokeExact(state);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** 0, or an error whose message is on the stack. */
    static int loadFile(long state, long name) {
        try {
            return (int) LOAD_FILE.invokeExact(state, name);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static int load(long state, long text, long length, long name) {
        try {
            return (int) LOAD_BUFFER.invokeExact(state, text, length, name);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** 0, or an error whose message is on the stack in place of the results. */
    static int call(long state, int arguments, int results) {
        try {
            return (int) PCALL.invokeExact(state, arguments, results, 0);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void getField(long state, int index, long name) {
        try {
            GET_FIELD.invokeExact(state, index, name);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void setField(long state, int index, long name) {
        try {
            SET_FIELD.invokeExact(state, index, name);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void rawGet(long state, int index, int number) {
        try {
            RAW_GET_INDEX.invokeExact(state, index, number);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void rawSet(long state, int index) {
        try {
            RAW_SET.invokeExact(state, index);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static boolean next(long state, int index) {
        try {
            return (int) NEXT.invokeExact(state, index) != 0;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void newTable(long state, int records) {
        try {
            NEW_TABLE.invokeExact(state, 0, records);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void setTop(long state, int index) {
        try {
            SET_TOP.invokeExact(state, index);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static int top(long state) {
        try {
            return (int) GET_TOP.invokeExact(state);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static int type(long state, int index) {
        try {
            return (int) TYPE.invokeExact(state, index);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Where its bytes are, 0 where it is neither string nor number; the length is written to {@code length}. */
    static long toText(long state, int index, long length) {
        try {
            return (long) TO_STRING.invokeExact(state, index, length);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static double toNumber(long state, int index) {
        try {
            return (double) TO_NUMBER.invokeExact(state, index);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static boolean toBoolean(long state, int index) {
        try {
            return (int) TO_BOOLEAN.invokeExact(state, index) != 0;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void pushNil(long state) {
        try {
            PUSH_NIL.invokeExact(state);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void push(long state, boolean value) {
        try {
            PUSH_BOOLEAN.invokeExact(state, value ? 1 : 0);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void push(long state, double value) {
        try {
            PUSH_NUMBER.invokeExact(state, value);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void pushText(long state, long text, long length) {
        try {
            PUSH_STRING.invokeExact(state, text, length);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void pushCopy(long state, int index) {
        try {
            PUSH_VALUE.invokeExact(state, index);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void pushFunction(long state, long function) {
        try {
            PUSH_FUNCTION.invokeExact(state, function, 0);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Takes the top of the stack into the registry. */
    static int reference(long state) {
        try {
            return (int) REFERENCE.invokeExact(state, REGISTRY);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static boolean hasRoom(long state, int more) {
        try {
            return (int) CHECK_STACK.invokeExact(state, more) != 0;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** A downcall throws nothing of its own: the types are fixed above. */
    private static Error impossible(Throwable t) {
        return t instanceof Error error ? error : new AssertionError(t);
    }
}
