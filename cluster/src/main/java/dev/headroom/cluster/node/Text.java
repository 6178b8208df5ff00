package dev.headroom.cluster.node;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Small files of the system and of the node. Not by a channel, as {@code Files} has it: that is closed under a thread that was interrupted, and what cleans up must read then too. */
final class Text {
    private Text() {}

    /** What the system writes: a character a byte, as an environment may hold any. */
    static String read(Path file) throws IOException {
        return read(file, StandardCharsets.ISO_8859_1);
    }

    static String utf8(Path file) throws IOException {
        return read(file, StandardCharsets.UTF_8);
    }

    private static String read(Path file, Charset charset) throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), charset);
        } catch (FileNotFoundException e) {
            throw new NoSuchFileException(file.toString(), null, e.getMessage());
        }
    }

    static List<String> lines(Path file) throws IOException {
        return read(file).lines().toList();
    }
}
