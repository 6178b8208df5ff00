package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.DeploymentRecord.Program;
import dev.headroom.lab.run.ProgramVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this program and its machine are. */
final class ThisProgram {
    private ThisProgram() {}

    static Program describe(double cpus) {
        return new Program(
                ProgramVersion.text(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version")
                        + " "
                        + System.getProperty("os.arch"),
                field("/proc/cpuinfo", "model name"),
                cpus,
                memory());
    }

    private static long memory() {
        String[] parts = field("/proc/meminfo", "MemTotal").split(" ");
        try {
            return Long.parseLong(parts[0]) * 1024;
        } catch (NumberFormatException unknown) {
            return 0;
        }
    }

    private static String field(String file, String name) {
        try {
            List<String> lines = Files.readAllLines(Path.of(file));
            for (String line : lines) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
                    return line.substring(colon + 1).strip();
                }
            }
        } catch (IOException notLinux) {
            return "unknown";
        }
        return "unknown";
    }
}
