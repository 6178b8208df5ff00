package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How compat/run counts, with a client that says what it is told: a check counts once, and so does a death. */
@SuppressWarnings("NullAway.Init")
class CompatRunTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    echo PASS a; echo noise; echo PASS b; echo END         | 2 passed, 0 failed, 0 skipped | 0
                    echo PASS a; echo FAIL b: why; echo END; exit 1        | 1 passed, 1 failed, 0 skipped | 1
                    echo PASS a; echo SKIP b: no tool; echo END            | 1 passed, 0 failed, 1 skipped | 0
                    echo PASS a; echo FAIL b; kill -9 $$                   | 1 passed, 2 failed, 0 skipped | 1
                    echo PASS a; printf "PASS cut off"                     | 1 passed, 1 failed, 0 skipped | 1
                    echo PASS a; echo END; exit 3                          | 1 passed, 1 failed, 0 skipped | 1
                    echo END                                               | 0 passed, 1 failed, 0 skipped | 1
                    exit 2                                                 | 0 passed, 1 failed, 0 skipped | 1
                    """)
    void countsWhatAClientSaysAndHowItEnds(String client, String count, int code)
            throws IOException, InterruptedException {
        program("pip", "exit 0");
        program("python", client);
        Path kubeconfig = Files.createFile(folder.resolve("kubeconfig"));
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(
                        "bash",
                        Repository.HOME.resolve("compat/run").toString(),
                        "--kubeconfig",
                        kubeconfig.toString(),
                        "python");
        builder.environment().put("HEADROOM_COMPAT_TOOLS", folder.toString());
        builder.environment().remove("CI");
        Process process =
                builder.redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(output)).last().isEqualTo(count);
        assertThat(process.exitValue()).isEqualTo(code);
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.createDirectories(folder.resolve("python/bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
