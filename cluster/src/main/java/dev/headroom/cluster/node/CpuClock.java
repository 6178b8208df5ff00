package dev.headroom.cluster.node;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** CPU time of another process, all its threads included, to the nanosecond: Linux has a clock for each process. */
final class CpuClock {
    /** Of {@code linux/posix-timers.h}: the scheduler's own figure. */
    private static final int SCHEDULER = 2;

    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker()
                                    .defaultLookup()
                                    .find("clock_gettime")
                                    .orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS));

    private CpuClock() {}

    /** Nanoseconds; 0 where there is no such process any more. */
    static long nanos(long pid) {
        int clock = ((~(int) pid) << 3) | SCHEDULER;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            int failed = (int) CALL.invokeExact(clock, time);
            return failed != 0
                    ? 0
                    : time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000
                            + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }
}
