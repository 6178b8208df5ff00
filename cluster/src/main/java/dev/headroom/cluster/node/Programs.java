package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells of a command that cannot be run before it is tried, in a container runtime's words. */
final class Programs {
    /** It is not there, or may not be run. */
    static final class Unusable extends IOException {
        private static final long serialVersionUID = 1L;

        Unusable(String program, String why) {
            super("exec: \"" + program + "\": " + why);
        }
    }

    private Programs() {}

    /**
     * Looks for a program as a container will see it: by its path, or in the folders that its {@code PATH} names.
     *
     * @throws Unusable where there is none, or it may not be run
     */
    static void require(String program, Launch launch) throws Unusable {
        if (program.contains("/")) {
            Path file = launch.source(launch.directory().resolve(program).normalize());
            if (isMissing(file)) {
                throw new Unusable(program, "stat " + program + ": no such file or directory");
            }
            if (!mayRun(file)) {
                throw new Unusable(program, "permission denied");
            }
            return;
        }
        String path = launch.environment().get("PATH");
        if (path == null) {
            // The shell that it is started through has folders of its own then.
            return;
        }
        for (String folder : path.split(":")) {
            if (!folder.isEmpty() && mayRun(launch.source(Path.of(folder, program)))) {
                return;
            }
        }
        throw new Unusable(program, "executable file not found in $PATH");
    }

    private static boolean isMissing(Path file) {
        return !Files.exists(file) && !Files.isSymbolicLink(file);
    }

    /** Where a link leads to may be seen from within the container only. */
    private static boolean mayRun(Path file) {
        return Files.exists(file)
                ? Files.isExecutable(file) && !Files.isDirectory(file)
                : Files.isSymbolicLink(file);
    }
}
