package dev.headroom.cluster.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Limits without any right: a group that has used its share of a 100 ms period is stopped (SIGSTOP) until the next begins, as the kernel's
 * own bandwidth control does. Coarser than that, since use is looked at every few milliseconds: what a group took too much is taken off
 * its next period.
 */
final class DutyCycle implements Limits {
    private static final long PERIOD_NANOS = 100_000_000;
    private static final long TICK_NANOS = 5_000_000;

    private final List<CycleGroup> groups = new CopyOnWriteArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().name("cpu-limits").daemon().unstarted(this::run);
    private volatile boolean closed;

    DutyCycle() {
        thread.start();
    }

    @Override
    public String mechanism() {
        return "duty-cycle";
    }

    @Override
    public Group create(String name, @Nullable Double cpus, @Nullable Long memoryBytes) {
        CycleGroup group = new CycleGroup(cpus);
        groups.add(group);
        return group;
    }

    private void run() {
        while (!closed) {
            boolean limited = false;
            for (CycleGroup group : groups) {
                limited |= group.tick(System.nanoTime());
            }
            LockSupport.parkNanos(limited ? TICK_NANOS : PERIOD_NANOS);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        List.copyOf(groups).forEach(CycleGroup::close);
    }

    private final class CycleGroup implements Group {
        private final @Nullable Double cpus;
        private final Map<Long, Proc.Times> last = new HashMap<>();
        private double endedSeconds;
        private double endedWaiting;
        private long root;
        private long periodStart;
        private double usedAtPeriodStart;
        private double debt;
        private boolean stopped;
        private long stoppedAt;
        private long periods;
        private long throttled;
        private double throttledSeconds;
        private boolean closed;

        CycleGroup(@Nullable Double cpus) {
            this.cpus = cpus;
        }

        @Override
        public List<String> joined() {
            return List.of();
        }

        @Override
        public synchronized void started(long pid) {
            root = pid;
            periodStart = System.nanoTime();
            LockSupport.unpark(thread);
        }

        private List<Long> processes() {
            if (root == 0) {
                return List.of();
            }
            List<Long> found = new ArrayList<>();
            ProcessHandle.of(root)
                    .ifPresent(handle -> {
                        if (handle.isAlive()) {
                            found.add(handle.pid());
                        }
                        handle.descendants()
                                .filter(ProcessHandle::isAlive)
                                .forEach(child -> found.add(child.pid()));
                    });
            return found;
        }

        private double used() {
            List<Long> present = processes();
            for (long pid : present) {
                Proc.Times times = Proc.times(pid);
                Proc.Times before = last.get(pid);
                if (before == null || times.running() >= before.running()) {
                    last.put(pid, times);
                }
            }
            last.entrySet()
                    .removeIf(entry -> {
                        if (present.contains(entry.getKey())) {
                            return false;
                        }
                        endedSeconds += entry.getValue().running();
                        endedWaiting += entry.getValue().waiting();
                        return true;
                    });
            return endedSeconds + last.values().stream().mapToDouble(Proc.Times::running).sum();
        }

        /** Whether it has to be looked at again soon. */
        synchronized boolean tick(long now) {
            if (cpus == null || root == 0 || closed) {
                return false;
            }
            double used = used();
            if (now - periodStart >= PERIOD_NANOS) {
                beginPeriod(now, used);
            }
            double budget = cpus * PERIOD_NANOS / 1e9 - debt;
            if (!stopped && used - usedAtPeriodStart >= budget) {
                processes().forEach(pid -> Signals.send(pid, Signals.STOP));
                stopped = true;
                stoppedAt = now;
                throttled++;
            }
            return true;
        }

        private void beginPeriod(long now, double used) {
            double taken = used - usedAtPeriodStart;
            long passed = (now - periodStart) / PERIOD_NANOS;
            if (taken > 0) {
                periods++;
            }
            double allowed = cpus == null ? 0 : cpus * PERIOD_NANOS / 1e9 * passed;
            debt = Math.max(0, debt + taken - allowed);
            periodStart += passed * PERIOD_NANOS;
            usedAtPeriodStart = used;
            if (stopped && (cpus == null || debt < cpus * PERIOD_NANOS / 1e9)) {
                resume(now);
            } else if (stopped) {
                throttled++;
                periods++;
            }
        }

        private void resume(long now) {
            processes().forEach(pid -> Signals.send(pid, Signals.CONT));
            throttledSeconds += (now - stoppedAt) / 1e9;
            stopped = false;
        }

        @Override
        public synchronized Usage usage() {
            double used = used();
            double waited =
                    endedWaiting + last.values().stream().mapToDouble(Proc.Times::waiting).sum();
            long memory = last.keySet().stream().mapToLong(Proc::resident).sum();
            double stoppedNow = stopped ? (System.nanoTime() - stoppedAt) / 1e9 : 0;
            return new Usage(
                    used, periods, throttled, throttledSeconds + stoppedNow, waited, memory);
        }

        @Override
        public synchronized void kill() {
            processes().forEach(pid -> Signals.send(pid, Signals.KILL));
        }

        @Override
        public boolean ranOutOfMemory() {
            return false;
        }

        @Override
        public synchronized void close() {
            closed = true;
            kill();
            groups.remove(this);
        }
    }
}
