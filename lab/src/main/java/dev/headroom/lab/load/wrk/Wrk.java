package dev.headroom.lab.load.wrk;

import dev.headroom.lab.load.LoadException;
import dev.headroom.lab.load.LoadRecord.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A wrk that was found.
 *
 * @param program its path
 */
record Wrk(Path program) {
    /** wrk takes whole seconds only. */
    static boolean canTake(Plan plan) {
        return whole(plan.durationSeconds()) && whole(plan.timeoutSeconds());
    }

    private static boolean whole(double seconds) {
        return seconds >= 1 && seconds == Math.rint(seconds);
    }

    List<String> command(Plan plan, Path script) {
        return List.of(
                program.toString(),
                "-t" + plan.threads(),
                "-c" + plan.connections(),
                "-d" + Math.round(plan.durationSeconds()) + "s",
                "--timeout",
                Math.round(plan.timeoutSeconds()) + "s",
                "--latency",
                "-s",
                script.toString(),
                plan.url());
    }

    /** As it names itself, such as {@code debian/4.1.0-3 [epoll]}. */
    String version() throws LoadException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(program.toString(), "-v").redirectErrorStream(true).start();
            process.getOutputStream().close();
            byte[] text = process.getInputStream().readNBytes(4096);
            process.getInputStream().close();
            process.waitFor();
            String first = new String(text, StandardCharsets.UTF_8).lines().findFirst().orElse("");
            return first.replaceFirst("^wrk ", "").replaceFirst(" *Copyright.*", "");
        } catch (IOException e) {
            throw new LoadException(program + " can't be started: " + e.getMessage(), e);
        }
    }
}
