package dev.headroom.lab.observe;

import dev.headroom.lab.observe.Observation.HostSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Reads what this machine's CPUs do, on Linux: those that this program may use. */
public final class HostProbe {
    /** {@code USER_HZ}: the unit of /proc/stat on every architecture that Linux runs Java on. */
    private static final double TICKS_PER_SECOND = 100.0;

    private final Path proc;
    private final BitSet allowed;

    private HostProbe(Path proc, BitSet allowed) {
        this.proc = proc;
        this.allowed = allowed;
    }

    /** Null where there is no Linux {@code /proc}. */
    public static @Nullable HostProbe open() {
        return open(Path.of("/proc"));
    }

    static @Nullable HostProbe open(Path proc) {
        try {
            for (String line : Files.readAllLines(proc.resolve("self/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    HostProbe probe = new HostProbe(proc, cpus(line.substring(18).strip()));
                    probe.sample();
                    return probe;
                }
            }
        } catch (IOException | RuntimeException notLinux) {
            // Said once by the caller, as a gap.
        }
        return null;
    }

    /** CPUs this program may use: its affinity, and its cgroup's quota as the JVM sees it. */
    public double cpus() {
        return Math.min(allowed.cardinality(), Runtime.getRuntime().availableProcessors());
    }

    public HostSample sample() throws IOException {
        double busy = 0;
        double steal = 0;
        double idle = 0;
        int counted = 0;
        for (String line : Files.readAllLines(proc.resolve("stat"))) {
            if (!line.startsWith("cpu") || line.startsWith("cpu ")) {
                continue;
            }
            String[] fields = line.split(" +");
            if (!allowed.get(Integer.parseInt(fields[0].substring(3)))) {
                continue;
            }
            // user nice system idle iowait irq softirq steal; guest is in user already.
            for (int i : new int[] {1, 2, 3, 6, 7}) {
                busy += Long.parseLong(fields[i]) / TICKS_PER_SECOND;
            }
            steal += Long.parseLong(fields[8]) / TICKS_PER_SECOND;
            idle += (Long.parseLong(fields[4]) + Long.parseLong(fields[5])) / TICKS_PER_SECOND;
            counted++;
        }
        // One that never was idle does not count it.
        Double clock = idle > 0 ? Double.valueOf((busy + steal + idle) / counted) : null;
        return new HostSample(cpus(), busy, steal, ownSeconds(), clock);
    }

    private double ownSeconds() throws IOException {
        String stat = Files.readString(proc.resolve("self/stat"));
        // The name in parentheses may hold spaces; utime and stime are fields 14 and 15.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    static BitSet cpus(String list) {
        BitSet cpus = new BitSet();
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            cpus.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
        }
        return cpus;
    }
}
