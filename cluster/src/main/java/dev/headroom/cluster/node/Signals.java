package dev.headroom.cluster.node;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Signals to processes, by {@code kill(2)}: the JDK sends only two of them. */
final class Signals {
    static final int KILL = 9;
    static final int TERM = 15;

    /** These two have other numbers on macOS. */
    static final int CONT = isMac() ? 19 : 18;

    static final int STOP = isMac() ? 17 : 19;

    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().find("kill").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));

    private Signals() {}

    private static boolean isMac() {
        return System.getProperty("os.name", "").startsWith("Mac");
    }

    /** Sends it; false where there is no such process any more. */
    static boolean send(long pid, int signal) {
        return call(pid, 1, signal);
    }

    /** Sends it to all of a process group at once: none can fork away meanwhile. */
    static boolean sendGroup(long leader, int signal) {
        return call(leader, -1, signal);
    }

    private static boolean call(long pid, int sign, int signal) {
        if (pid <= 1) {
            throw new IllegalArgumentException("no pod has process id " + pid);
        }
        try {
            return (int) CALL.invokeExact(sign * (int) pid, signal) == 0;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }
}
