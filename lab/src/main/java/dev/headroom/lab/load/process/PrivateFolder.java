package dev.headroom.lab.load.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A temporary folder of one run's, for its owner's eyes only, flat, gone when closed. */
public record PrivateFolder(Path path) implements Closeable {
    public static PrivateFolder create() throws IOException {
        return new PrivateFolder(Files.createTempDirectory("headroom-load-").toAbsolutePath());
    }

    @Override
    public void close() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException gone) {
            // The guard of a process that had to be killed was first.
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove the temporary folder " + path, e);
        }
    }
}
