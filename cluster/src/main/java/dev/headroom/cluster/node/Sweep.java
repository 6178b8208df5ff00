package dev.headroom.cluster.node;

import java.io.IOException;
import java.lang.System.Logger.Level;

/** Removes what killed clusters have left: their processes, their control groups, their folders. */
public final class Sweep {
    private static final System.Logger LOG = System.getLogger(Sweep.class.getName());
    private static final int ROUNDS = 50;

    private Sweep() {}

    /** Safe while other clusters run and start: only folders whose lock nobody holds are looked at. */
    public static void run() {
        try {
            for (StateDirectory abandoned : StateDirectory.abandoned()) {
                killProcesses(abandoned.id());
                CgroupV1.removeAll(abandoned.id());
                abandoned.close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "what an earlier cluster left could not be removed", e);
        }
    }

    /** Ends every process that carries the cluster's mark, those it forks meanwhile included. */
    static void killProcesses(String id) {
        String mark = StateDirectory.MARK + "=" + id;
        for (int round = 0; round < ROUNDS; round++) {
            boolean any = false;
            for (long pid : Proc.all()) {
                if (pid > 1 && pid != ProcessHandle.current().pid() && isMarked(pid, mark)) {
                    any |= Signals.send(pid, Signals.KILL);
                }
            }
            if (!any) {
                return;
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean isMarked(long pid, String mark) {
        String environment = Proc.environment(pid);
        return environment.startsWith(mark + "\0") || environment.contains("\0" + mark + "\0");
    }
}
