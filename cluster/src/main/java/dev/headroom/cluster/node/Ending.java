package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/**
 * How containers are ended: the hook before the stop, then SIGTERM, and SIGKILL when the grace period is over. The hook's time counts; what
 * comes after it has two seconds at least (upstream: killContainer).
 */
final class Ending {
    private static final System.Logger LOG = System.getLogger(Ending.class.getName());
    private static final long LEAST_MILLIS = 2_000;
    private static final long LOOK_MILLIS = 200;

    private final LongSupplier graceSeconds;
    private final long begun = System.nanoTime();

    /**
     * Begins now.
     *
     * @param graceSeconds asked again and again, since a second deletion may shorten it
     */
    Ending(LongSupplier graceSeconds) {
        this.graceSeconds = graceSeconds;
    }

    private long leftMillis() {
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        return Math.max(0, graceSeconds.getAsLong() * 1000 - passed);
    }

    /** Ends one container; its process is gone when this returns. */
    void end(Container container, ContainerProcess life) {
        end(container, life, List.of());
    }

    /**
     * Ends one container once others have ended.
     *
     * @param before threads that end them; past the grace period they are not waited for
     */
    void end(Container container, ContainerProcess life, List<Thread> before) {
        try {
            hook(container, life);
            for (Thread other : before) {
                long left = leftMillis();
                if (left > 0) {
                    other.join(Duration.ofMillis(left));
                }
            }
            life.terminate();
            long least = System.nanoTime() + LEAST_MILLIS * 1_000_000;
            while (life.isAlive()) {
                long left =
                        Math.max(
                                leftMillis(),
                                TimeUnit.NANOSECONDS.toMillis(least - System.nanoTime()));
                if (left <= 0) {
                    break;
                }
                awaitEnd(life, Math.min(left, LOOK_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "waiting for " + container.name() + " to end", e);
        }
        life.kill();
        try {
            life.onExit().join();
        } catch (CompletionException e) {
            LOG.log(Level.WARNING, "waiting for " + container.name() + " to end", e);
        }
    }

    private static void awaitEnd(ContainerProcess life, long millis)
            throws InterruptedException, ExecutionException {
        try {
            life.onExit().get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException goesOn) {
            return;
        }
    }

    private void hook(Container container, ContainerProcess life) throws InterruptedException {
        JsonNode hook = Trees.at(container.spec(), "lifecycle", "preStop");
        long left = leftMillis();
        if (hook.isObject() && left > 0 && life.isAlive()) {
            Probe.Result result = Hooks.run(hook, container, life, Duration.ofMillis(left));
            if (!result.success()) {
                container.event("Warning", "FailedPreStopHook", "PreStopHook failed");
            }
        }
    }
}
