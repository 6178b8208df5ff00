package dev.headroom.iris.api;

import dev.headroom.iris.api.http.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * What happens at SIGTERM and SIGINT. To end by a signal is how a pod ends: the exit code is 0, where the JVM alone would say
 * 143.
 */
final class Shutdown extends Thread {
    private final Log log;
    private volatile @Nullable HttpServer server;

    Shutdown(Log log) {
        super("shutdown");
        this.log = log;
    }

    /** Names what is to end; until then there is nothing. */
    void ends(HttpServer running) {
        server = running;
    }

    @Override
    public void run() {
        HttpServer running = server;
        if (running != null) {
            running.drain();
            try {
                running.awaitEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        log.flush();
        Runtime.getRuntime().halt(0);
    }
}
