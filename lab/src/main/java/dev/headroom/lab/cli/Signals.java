package dev.headroom.lab.cli;

import java.time.Duration;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** SIGINT, SIGTERM and SIGHUP: the first asks to stop, a second does not wait (SIGHUP apart: a terminal that goes away sends several). */
final class Signals {
    private static final Duration LAST_CHANCE = Duration.ofSeconds(5);

    private Signals() {}

    /**
     * Handles signals from now on.
     *
     * @param force what must not be left behind even when nobody wants to wait; it gets a few seconds
     */
    static void handle(Stop stop, Runnable force, Terminal terminal) {
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            try {
                Signal signal = new Signal(name);
                SignalHandler before =
                        Signal.handle(signal, s -> received(name, stop, force, terminal));
                if (name.equals("HUP") && before.equals(SignalHandler.SIG_IGN)) {
                    // By nohup: the run is to outlive its terminal.
                    Signal.handle(signal, SignalHandler.SIG_IGN);
                }
            } catch (IllegalArgumentException notHere) {
                // The JVM was told not to use this signal (-Xrs), or the system has none of the
                // name.
                terminal.line("SIG" + name + " can't be handled: " + notHere.getMessage());
            }
        }
    }

    private static void received(String name, Stop stop, Runnable force, Terminal terminal) {
        if (!stop.asked()) {
            terminal.line("stopping (SIG" + name + "); once more to stop at once …");
            stop.ask("stopped by SIG" + name);
        } else if (!name.equals("HUP")) {
            halt(force);
        }
    }

    private static void halt(Runnable force) {
        Thread last = Thread.ofPlatform().daemon().start(force);
        try {
            last.join(LAST_CHANCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.REFUSED.code());
    }
}
