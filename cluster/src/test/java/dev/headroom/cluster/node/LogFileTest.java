package dev.headroom.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @TempDir private Path folder = Path.of("");
    private Instant now = NOON;

    private LogFile log(long segmentBytes) {
        return new LogFile(folder.resolve("app-0.log"), () -> now, segmentBytes);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(
            LogFile log, boolean times, @Nullable Long tail, @Nullable Instant since)
            throws IOException {
        try (InputStream in = log.read(new LogFile.Selection(times, tail, since, null), false)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void givesBackWhatWasPrinted() throws IOException {
        LogFile log = log(1000);
        log.follow(bytes("one\n\nübung\rthree\nno newline"));
        assertThat(read(log, false, null, null)).isEqualTo("one\n\nübung\rthree\nno newline\n");
        assertThat(read(log, true, 1L, null)).isEqualTo(NOON + " no newline\n");
        assertThat(read(log, false, 2L, null)).isEqualTo("übung\rthree\nno newline\n");
        assertThat(read(log, false, 0L, null)).isEmpty();
    }

    @Test
    void givesWhatIsYoungEnough() throws IOException {
        LogFile log = log(1000);
        log.follow(bytes("old\n"));
        now = NOON.plusSeconds(60);
        log.follow(bytes("new\n"));
        assertThat(read(log, false, null, NOON.plusSeconds(30))).isEqualTo("new\n");
    }

    @Test
    void cutsWhatIsTooMuch() throws IOException {
        LogFile log = log(1000);
        log.follow(bytes("x".repeat(20_000) + "\n"));
        assertThat(read(log, false, null, null).lines().map(String::length))
                .containsExactly(16_384, 3_616);
        try (InputStream in = log.read(new LogFile.Selection(false, null, null, 5L), false)) {
            assertThat(in.readAllBytes()).hasSize(5);
        }
    }

    @Test
    void keepsTheYoungerTwoSegments() throws IOException {
        LogFile log = log(500);
        String all =
                IntStream.range(0, 100)
                        .mapToObj(i -> "line " + i + "\n")
                        .collect(Collectors.joining());
        for (String line : all.split("(?<=\n)")) {
            log.follow(bytes(line));
        }
        String kept = read(log, false, null, null);
        assertThat(all).endsWith(kept);
        assertThat(kept.lines().count()).isBetween(15L, 40L);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
        assertThat(log(500).read(new LogFile.Selection(false, 5L, null, null), false)).isEmpty();
    }

    @Test
    void followsUntilTheContainerEnds() throws Exception {
        LogFile log = log(200);
        PipedOutputStream process = new PipedOutputStream();
        PipedInputStream output = new PipedInputStream(process);
        Thread copying = Thread.ofVirtual().start(() -> log.follow(output));
        InputStream in = log.read(new LogFile.Selection(false, null, null, null), true);
        CompletableFuture<String> read =
                CompletableFuture.supplyAsync(() -> {
                    try (in) {
                        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            String line = "line " + i + "\n";
            process.write(line.getBytes(StandardCharsets.UTF_8));
            all.append(line);
        }
        process.close();
        copying.join();
        assertThat(read.join()).isEqualTo(all.toString());
    }
}
