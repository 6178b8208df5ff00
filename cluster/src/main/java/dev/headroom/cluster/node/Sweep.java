package dev.headroom.cluster.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/** Removes what killed clusters have left: their processes, their control groups, their folders. */
public final class Sweep {
    private static final System.Logger LOG = System.getLogger(Sweep.class.getName());
    private static final int ROUNDS = 100;

    private Sweep() {}

    /** A cluster's warden runs this when the cluster has died: removes all of the one whose folder is given. */
    public static void main(String[] folder) throws IOException {
        StateDirectory.takeOver(Path.of(folder[0]), true).ifPresent(Sweep::remove);
    }

    /** Safe while other clusters run and start: only folders whose lock nobody holds are looked at. */
    public static void run() {
        try {
            run(OwnedFolder.ofThisUser());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "what an earlier cluster left could not be removed", e);
        }
    }

    static void run(Path parent) throws IOException {
        StateDirectory.abandoned(parent).forEach(Sweep::remove);
    }

    private static void remove(StateDirectory abandoned) {
        try (abandoned) {
            abandoned.startNoMore();
            killProcesses(abandoned.id());
            for (Path group : abandoned.groups()) {
                Cgroups.removeWithAllIn(group);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, abandoned.path() + " could not be cleared", e);
        }
    }

    /** Ends every process of a cluster. */
    static void killProcesses(String id) {
        killMarked(StateDirectory.MARK + "=" + id);
    }

    /** Ends every process with this in its environment, those it forks meanwhile included; returns when they are gone. */
    static void killMarked(String mark) {
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
            Pause.millis(10);
        }
    }

    private static boolean isMarked(long pid, String mark) {
        String environment = Proc.environment(pid);
        return environment.startsWith(mark + "\0") || environment.contains("\0" + mark + "\0");
    }
}
