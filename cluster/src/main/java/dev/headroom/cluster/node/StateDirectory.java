package dev.headroom.cluster.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The folder of one cluster, readable by its owner only and removed at its end. Its owner holds a lock on a file in it for as long as it
 * lives, so that whoever starts later can tell what a killed one has left.
 */
public final class StateDirectory implements AutoCloseable {
    /** Every process of a cluster carries its id under this name, so that none can hide. */
    public static final String MARK = "HEADROOM_CLUSTER";

    private final String id;
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private StateDirectory(String id, Path path, FileChannel channel, FileLock lock) {
        this.id = id;
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** Where the clusters of this user have their folders. */
    private static Path parent() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        Path base =
                runtime != null && Files.isWritable(Path.of(runtime))
                        ? Path.of(runtime)
                        : Path.of(System.getProperty("java.io.tmpdir"));
        return base.resolve("headroom-" + System.getProperty("user.name"));
    }

    public static StateDirectory create() throws IOException {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        Path parent = parent();
        Files.createDirectories(parent, ownerOnly(parent));
        Path path = Files.createDirectory(parent.resolve(id), ownerOnly(parent));
        FileChannel channel =
                FileChannel.open(
                        path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            throw new IOException(path + ": the lock of a folder just made is taken");
        }
        return new StateDirectory(id, path, channel, lock);
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Folders whose owner has died, taken over by the caller: no other start will touch them. */
    static List<StateDirectory> abandoned() throws IOException {
        List<StateDirectory> found = new ArrayList<>();
        if (!Files.isDirectory(parent())) {
            return found;
        }
        try (var entries = Files.newDirectoryStream(parent())) {
            for (Path entry : entries) {
                takeOver(entry).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<StateDirectory> takeOver(Path path) throws IOException {
        try {
            FileChannel channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return Optional.of(
                            new StateDirectory(path.getFileName().toString(), path, channel, lock));
                }
            } catch (OverlappingFileLockException ownCluster) {
                // Another cluster of this very process.
            }
            channel.close();
        } catch (NoSuchFileException noLockYet) {
            removeIfOld(path);
        }
        return Optional.empty();
    }

    /** Without a lock file it is being made, or was being removed: a minute tells. */
    private static void removeIfOld(Path path) throws IOException {
        try {
            long age = System.currentTimeMillis() - Files.getLastModifiedTime(path).toMillis();
            if (age > 60_000) {
                remove(path);
            }
        } catch (NoSuchFileException gone) {
            return;
        }
    }

    public String id() {
        return id;
    }

    public Path path() {
        return path;
    }

    /** Removes the folder with all that is in it. */
    @Override
    public void close() {
        try {
            remove(path);
            lock.close();
            channel.close();
            Files.deleteIfExists(parent()); // the last one out; refused while there are others
        } catch (java.nio.file.DirectoryNotEmptyException others) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(path + " could not be removed", e);
        }
    }

    static void remove(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory,
                            java.io.@org.jspecify.annotations.Nullable IOException e)
                            throws IOException {
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
