package dev.headroom.lab.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wish, of a person or of another stage, that what runs should end early and keep what it has. Thread-safe. */
public final class Cancellation {
    private final List<Runnable> listeners = new ArrayList<>();
    private @Nullable String reason;

    /**
     * Asks to end. The first reason stays.
     *
     * @param why one sentence: {@code stopped by SIGINT}
     */
    public void cancel(String why) {
        List<Runnable> toCall;
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            toCall = List.copyOf(listeners);
        }
        toCall.forEach(Runnable::run);
    }

    public synchronized boolean isCancelled() {
        return reason != null;
    }

    /** Null while nobody asked. */
    public synchronized @Nullable String reason() {
        return reason;
    }

    /** Calls the listener once: when it is asked for, or at once where it was. */
    public void onCancel(Runnable listener) {
        synchronized (this) {
            if (reason == null) {
                listeners.add(listener);
                return;
            }
        }
        listener.run();
    }
}
