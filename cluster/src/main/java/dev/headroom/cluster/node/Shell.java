package dev.headroom.cluster.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How programs are started through the system's shell. */
final class Shell {
    private static final List<String> OWN_SESSION =
            List.of("/usr/bin/setsid", "/bin/setsid").stream()
                    .filter(program -> Files.isExecutable(Path.of(program)))
                    .limit(1)
                    .toList();

    private Shell() {}

    /**
     * What comes before a command that is to have a session and a process group of its own, so that a terminal's Ctrl-C is not meant for
     * it; empty where the system has no such program.
     */
    static List<String> ownSession() {
        return OWN_SESSION;
    }

    /** Whether a container's first process leads a process group, which a signal reaches as a whole. */
    static boolean hasOwnSession() {
        return !OWN_SESSION.isEmpty();
    }
}
