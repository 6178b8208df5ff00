package dev.headroom.cluster.informer;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keys to be looked at. A key that waits already is not added twice; one that is being looked at is looked at once more afterwards; one
 * that failed comes back later, each time twice as late.
 */
public final class WorkQueue implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WorkQueue.class.getName());
    private static final long FIRST_RETRY_MILLIS = 5;
    private static final long LAST_RETRY_MILLIS = 30_000;

    private final String name;
    private final Reconciler reconciler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LinkedHashSet<String> waiting = new LinkedHashSet<>();
    private final Set<String> running = new HashSet<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final Complaints complaints = new Complaints(System::nanoTime);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private boolean closed;

    /** Brings one object to where it should be; runs for one key at a time. */
    @FunctionalInterface
    public interface Reconciler {
        /** Throws to be asked again. */
        void reconcile(String namespace, String name) throws InterruptedException;
    }

    private WorkQueue(String name, Reconciler reconciler) {
        this.name = name;
        this.reconciler = reconciler;
    }

    public static WorkQueue start(String name, int workers, Reconciler reconciler) {
        WorkQueue queue = new WorkQueue(name, reconciler);
        for (int i = 0; i < workers; i++) {
            Thread.ofVirtual().name(name + "-" + i).start(queue::work);
        }
        return queue;
    }

    public void add(String key) {
        lock.lock();
        try {
            if (waiting.add(key)) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds it after a delay. */
    public void addAfter(String key, Duration delay) {
        if (!timer.isShutdown()) {
            timer.schedule(() -> add(key), Math.max(delay.toMillis(), 0), TimeUnit.MILLISECONDS);
        }
    }

    private void work() {
        try {
            for (String key = take(); key != null; key = take()) {
                try {
                    int slash = key.indexOf('/');
                    reconciler.reconcile(key.substring(0, slash), key.substring(slash + 1));
                    if (failures.remove(key) != null && failures.isEmpty()) {
                        complaints.allWell();
                    }
                } catch (RuntimeException e) {
                    int count = failures.merge(key, 1, Integer::sum);
                    String words = complaints.failed(key, count);
                    if (words != null) {
                        LOG.log(Level.WARNING, name + ": " + words, e);
                    }
                    addAfter(
                            key,
                            Duration.ofMillis(
                                    Math.min(
                                            FIRST_RETRY_MILLIS << Math.min(count, 20),
                                            LAST_RETRY_MILLIS)));
                } finally {
                    done(key);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                for (String key : waiting) {
                    if (running.add(key)) {
                        waiting.remove(key);
                        return key;
                    }
                }
                changed.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void done(String key) {
        lock.lock();
        try {
            running.remove(key);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        timer.shutdownNow();
    }
}
