package dev.headroom.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.run.RunFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code headroom judge} and {@code headroom report} on copies of a run: elsewhere, at another time of day, in another language, the same bytes. */
class AgainElsewhereTest {
    private static final List<RunFile> WRITTEN =
            List.of(RunFile.VERDICT, RunFile.REPORT, RunFile.SUMMARY, RunFile.JUNIT);

    @TempDir Path folder = Path.of(".");

    private record Machine(String name, Map<String, String> environment, List<String> java) {}

    private static final List<Machine> MACHINES =
            List.of(
                    new Machine("here", Map.of("TZ", "UTC", "LC_ALL", "C.UTF-8"), List.of()),
                    new Machine(
                            "Kathmandu, 3 \u20AC",
                            Map.of("TZ", "Asia/Kathmandu", "LC_ALL", "C.UTF-8"),
                            List.of(
                                    "-Duser.language=ar",
                                    "-Duser.country=EG",
                                    "-Duser.timezone=Asia/Kathmandu")),
                    new Machine(
                            "istanbul",
                            Map.of(
                                    "TZ",
                                    "America/St_Johns",
                                    "LC_ALL",
                                    "C.UTF-8",
                                    "HOME",
                                    "/nonexistent"),
                            List.of(
                                    "-Duser.language=tr",
                                    "-Duser.country=TR",
                                    "-Dline.separator=\r\n",
                                    "-Dfile.encoding=ISO-8859-9",
                                    "-XX:+UseParallelGC")));

    @Test
    void judgeAndReportGiveTheSameBytesOnEveryMachine() throws Exception {
        List<Map<RunFile, String>> judged = new ArrayList<>();
        List<Map<RunFile, String>> reported = new ArrayList<>();
        for (Machine machine : MACHINES) {
            Path run = RunFolder.write(SampleRun.plain(), folder.resolve(machine.name()));
            Files.delete(RunFolder.file(run, RunFile.VERDICT));
            readOnly(run);
            headroom(machine, "judge", run);
            judged.add(written(run));
            for (RunFile file : WRITTEN.subList(1, WRITTEN.size())) {
                Files.delete(RunFolder.file(run, file));
            }
            headroom(machine, "report", run);
            reported.add(written(run));
        }
        assertThat(judged.getFirst().get(RunFile.REPORT))
                .contains("</html>")
                .doesNotContain(folder.toString());
        assertThat(judged.get(1)).isEqualTo(judged.getFirst());
        assertThat(judged.get(2)).isEqualTo(judged.getFirst());
        assertThat(reported).containsExactlyElementsOf(judged);
    }

    /** The files of the stages before: nothing may be written there. */
    private static void readOnly(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            files.forEach(f -> assertThat(f.toFile().setWritable(false)).isTrue());
        }
    }

    private static Map<RunFile, String> written(Path run) throws IOException {
        Map<RunFile, String> texts = new EnumMap<>(RunFile.class);
        for (RunFile file : WRITTEN) {
            texts.put(file, Files.readString(RunFolder.file(run, file)));
        }
        return texts;
    }

    private static void headroom(Machine machine, String command, Path run)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Dsun.jnu.encoding=UTF-8");
        line.addAll(machine.java());
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.addAll(List.of("dev.headroom.lab.cli.Main", command, run.toString()));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(machine.environment());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(said).contains("report: ").doesNotContain("a fault of the program itself");
    }
}
