package dev.headroom.lab.load.lua;

/** A script that can't be run, or failed; the message names file and line as Lua does. */
public final class ScriptException extends Exception {
    private static final long serialVersionUID = 1L;

    public ScriptException(String message) {
        super(message);
    }
}
