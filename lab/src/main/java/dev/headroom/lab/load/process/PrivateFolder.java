package dev.headroom.lab.load.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongPredicate;

/**
 * A temporary folder of one run's, for its owner's eyes only, flat, gone when closed. Its name tells the process that made it, so that what a killed one has left can be swept by
 * whoever starts next: the guard of a {@link TiedProcess} removes it only while there is something to guard.
 */
public record PrivateFolder(Path path) implements Closeable {
    private static final String PREFIX = "headroom-load-";

    public static PrivateFolder create() throws IOException {
        String prefix = PREFIX + ProcessHandle.current().pid() + "-";
        return new PrivateFolder(Files.createTempDirectory(prefix).toAbsolutePath());
    }

    /** Removes those of this user whose makers live no more. */
    public static void sweep() {
        remove(temporary(), pid -> ProcessHandle.of(pid).isEmpty());
    }

    /** Removes those of this very process, whoever still uses them: it is about to be halted. */
    public static void removeOwn() {
        remove(temporary(), pid -> pid == ProcessHandle.current().pid());
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    static void remove(Path temporary, LongPredicate makers) {
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(temporary, PREFIX + "[0-9]*-*")) {
            for (Path folder : folders) {
                String name = folder.getFileName().toString().substring(PREFIX.length());
                String pid = name.substring(0, name.indexOf('-'));
                if (pid.matches("\\d{1,18}")
                        && makers.test(Long.parseLong(pid))
                        && isOurs(folder)) {
                    new PrivateFolder(folder).close();
                }
            }
        } catch (IOException | UncheckedIOException e) {
            System.getLogger(PrivateFolder.class.getName())
                    .log(Level.WARNING, "what an earlier load left could not be removed", e);
        }
    }

    /** Anybody may put anything of such a name among the temporary files. */
    private static boolean isOurs(Path folder) throws IOException {
        try {
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
                            .equals(Files.getOwner(Path.of("/proc/self")));
        } catch (NoSuchFileException goneOrNoProc) {
            return false;
        }
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
