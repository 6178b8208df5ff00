package dev.headroom.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The generator's process ends with the program that started it, whatever that one dies of. */
@Timeout(60)
class DiesWithItsParentTest {
    @Test
    void killedAtOnce() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/cmdline")), "there is no /proc");
        CountDownLatch sending = new CountDownLatch(10);
        try (TestServer server =
                new TestServer((request, n) -> {
                    sending.countDown();
                    return TestServer.OK;
                })) {
            Process program = start(server.url("/"));
            try {
                assertThat(sending.await(50, TimeUnit.SECONDS)).isTrue();
                List<ProcessHandle> children = program.descendants().toList();
                assertThat(children).hasSizeGreaterThanOrEqualTo(2);
                Path folder = folder(children);
                assertThat(folder).isDirectory();
                program.destroyForcibly();
                for (ProcessHandle child : children) {
                    child.onExit().get(50, TimeUnit.SECONDS);
                }
                assertThat(folder).doesNotExist();
            } finally {
                program.destroyForcibly();
            }
        }
    }

    private static Process start(String url) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OffersLoad.class.getName(),
                        url)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
    }

    /** The one that the generator was given, as Linux tells its arguments, of any length. */
    private static Path folder(List<ProcessHandle> children) throws Exception {
        String option = "-Djava.io.tmpdir=";
        for (ProcessHandle child : children) {
            Path told = Path.of("/proc", Long.toString(child.pid()), "cmdline");
            for (String argument : Files.readString(told).split("\0")) {
                if (argument.startsWith(option)) {
                    return Path.of(argument.substring(option.length()));
                }
            }
        }
        throw new IllegalStateException("no child is the generator: " + children);
    }
}
