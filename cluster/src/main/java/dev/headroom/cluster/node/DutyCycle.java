package dev.headroom.cluster.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Limits without any right: containers that have used their {@link CpuBudget} of a period are stopped (SIGSTOP) until the next begins. A
 * container over its memory limit is killed, as the kernel would.
 */
final class DutyCycle implements Limits {
    /** Every process of a container carries the container's name under this one, also after its parent has ended. */
    private static final String MARK = "HEADROOM_CONTAINER";

    private static final List<String> GIVES_WAY =
            Files.isExecutable(Path.of("/usr/bin/nice"))
                    ? List.of("/usr/bin/nice", "-n", PodWeight.NICENESS)
                    : List.of();

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
        CycleGroup group = new CycleGroup(name, cpus, memoryBytes);
        groups.add(group);
        return group;
    }

    private void run() {
        while (!closed) {
            long now = System.nanoTime();
            long next = now + CpuBudget.PERIOD;
            for (CycleGroup group : groups) {
                next = Math.min(next, group.look(now));
            }
            LockSupport.parkNanos(groups.isEmpty() ? Long.MAX_VALUE : next - System.nanoTime());
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        groups.forEach(CycleGroup::close);
    }

    private final class CycleGroup implements Group {
        private final String name;
        private final @Nullable Double cpus;
        private final @Nullable Long memoryLimit;
        private final Map<Long, ProcessTree> trees = new LinkedHashMap<>();
        private long usedByEnded;
        private @Nullable CpuBudget budget;
        private long nextRefresh;
        private boolean stopped;
        private boolean outOfMemory;
        private boolean closed;

        CycleGroup(String name, @Nullable Double cpus, @Nullable Long memoryLimit) {
            this.name = name;
            this.cpus = cpus;
            this.memoryLimit = memoryLimit;
        }

        @Override
        public List<String> launcher() {
            return GIVES_WAY;
        }

        @Override
        public List<String> besideLauncher() {
            return GIVES_WAY;
        }

        @Override
        public Map<String, String> environment() {
            return Map.of(MARK, name);
        }

        @Override
        public synchronized void started(long pid) {
            long now = System.nanoTime();
            trees.put(pid, new ProcessTree(pid));
            nextRefresh = now;
            if (cpus != null && budget == null) {
                budget = new CpuBudget(cpus, Runtime.getRuntime().availableProcessors(), now);
            }
            LockSupport.unpark(thread);
        }

        /** What it used since it was looked at last is not seen: at most a period's. */
        @Override
        public synchronized void ended(long pid) {
            ProcessTree over = trees.remove(pid);
            usedByEnded += over == null ? 0 : over.usedNanos();
        }

        /** Stops it or lets it go on; tells when it must be looked at again. */
        synchronized long look(long now) {
            if (trees.isEmpty() || closed) {
                return Long.MAX_VALUE;
            }
            boolean refreshed = now >= nextRefresh;
            if (refreshed) {
                trees.values().forEach(ProcessTree::refresh);
                nextRefresh = now + CpuBudget.PERIOD;
                holdToMemory();
            }
            if (budget == null) {
                usedNanos();
                return nextRefresh;
            }
            boolean stop = budget.observe(now, usedNanos());
            // While all stand still, one may be found that had just left the group, or has just
            // joined it.
            if (stop != stopped || (stop && refreshed)) {
                signal(stop ? Signals.STOP : Signals.CONT);
                stopped = stop;
            }
            return budget.nextLook(now);
        }

        private long usedNanos() {
            return usedByEnded + trees.values().stream().mapToLong(ProcessTree::usedNanos).sum();
        }

        private void signal(int signal) {
            trees.values().forEach(tree -> tree.signal(signal));
        }

        private void holdToMemory() {
            long taken = trees.values().stream().mapToLong(ProcessTree::memoryBytes).sum();
            if (memoryLimit != null && taken > memoryLimit) {
                outOfMemory = true;
                signal(Signals.KILL);
            }
        }

        @Override
        public synchronized Usage usage() {
            CpuBudget limited = budget;
            long now = System.nanoTime();
            return new Usage(
                    usedNanos() / 1e9,
                    limited == null ? 0 : limited.periods(),
                    limited == null ? 0 : limited.throttled(),
                    limited == null ? 0 : limited.throttledNanos(now) / 1e9,
                    trees.values().stream().mapToDouble(ProcessTree::waitSeconds).sum(),
                    trees.values().stream().mapToLong(ProcessTree::residentBytes).sum());
        }

        @Override
        public synchronized void kill() {
            trees.values().forEach(ProcessTree::refresh);
            signal(Signals.KILL);
        }

        @Override
        public synchronized boolean ranOutOfMemory() {
            return outOfMemory;
        }

        @Override
        public synchronized void close() {
            closed = true;
            groups.remove(this);
            kill();
            Sweep.killMarked(MARK + "=" + name);
        }
    }
}
