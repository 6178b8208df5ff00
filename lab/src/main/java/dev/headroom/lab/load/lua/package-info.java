/** Lua scripts as wrk takes them: LuaJIT, which wrk itself uses, through Java's foreign function interface. */
@NullMarked
package dev.headroom.lab.load.lua;

import org.jspecify.annotations.NullMarked;
