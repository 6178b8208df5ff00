package dev.headroom.lab.load.builtin;

import dev.headroom.lab.load.engine.GeneratorProgram;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts the generator's process: this program's own JVM and class path. */
final class JavaCommand {
    /** Small and without helpers: the host's CPUs belong to what is measured. */
    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xms48m",
                    "-Xmx512m",
                    "-XX:-UsePerfData",
                    "-Xlog:disable",
                    "-Xlog:all=error:stderr",
                    "--enable-native-access=ALL-UNNAMED");

    private JavaCommand() {}

    /**
     * The command.
     *
     * @param folder where it may leave files
     */
    static List<String> of(Path java, Path folder, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(OPTIONS);
        String classPath = System.getProperty("java.class.path");
        Path cache = cache(classPath);
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.add("-Djava.io.tmpdir=" + folder);
        command.add("-XX:ErrorFile=" + folder.resolve("crash"));
        command.add("-cp");
        command.add(classPath);
        command.add(GeneratorProgram.class.getName());
        command.addAll(arguments);
        return command;
    }

    /** The command as a record shows it: without the class path, which is this program's. */
    static List<String> shown(List<String> command) {
        List<String> shown = new ArrayList<>(command);
        shown.set(shown.indexOf("-cp") + 1, "(headroom's own)");
        return shown;
    }

    /** The start-up cache that is made beside the program's first jar when it is built. */
    private static Path cache(String classPath) {
        Path first = Path.of(classPath.split(File.pathSeparator, 2)[0]).toAbsolutePath();
        return first.resolveSibling("headroom.aot");
    }
}
