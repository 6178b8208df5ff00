package dev.headroom.cluster.node;

import java.util.ArrayList;
import java.util.List;

/** A container's processes where no control group holds them together: the first one, its process group, and its descendants. Not thread-safe. */
final class ProcessTree {
    private final long first;
    private List<Long> members;
    private long usedNanos;
    private long lastSum;

    ProcessTree(long first) {
        this.first = first;
        this.members = List.of(first);
    }

    /** Looks for processes that were forked or have ended. */
    void refresh() {
        List<Long> found = new ArrayList<>(List.of(first));
        for (int i = 0; i < found.size(); i++) {
            found.addAll(Proc.children(found.get(i)));
        }
        members = found;
    }

    /**
     * CPU time of all that were ever seen. A process that has ended counts among its parent's children once it was waited for; where
     * nobody waits the sum falls, and what it had used stays counted.
     */
    long usedNanos() {
        long sum = 0;
        for (long pid : members) {
            sum += CpuClock.nanos(pid) + Proc.waitedForNanos(pid);
        }
        usedNanos += Math.max(0, sum - lastSum);
        lastSum = sum;
        return usedNanos;
    }

    double waitSeconds() {
        return members.stream().mapToDouble(pid -> Proc.times(pid).waiting()).sum();
    }

    /** Memory that is a process' own, in bytes. */
    long memoryBytes() {
        return members.stream().mapToLong(Proc::ownMemory).sum();
    }

    long residentBytes() {
        return members.stream().mapToLong(Proc::resident).sum();
    }

    /** To the process group as a whole, so that none can fork away, and to those that have left it. */
    void signal(int signal) {
        if (Shell.hasOwnSession()) {
            Signals.sendGroup(first, signal);
        }
        members.forEach(pid -> Signals.send(pid, signal));
    }
}
