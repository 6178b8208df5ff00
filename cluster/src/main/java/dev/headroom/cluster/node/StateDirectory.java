package dev.headroom.cluster.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folder of one cluster, readable by its owner only and removed at its end. Its owner holds a lock on a file in it for as long as it
 * lives, so that whoever starts later can tell what a killed one has left.
 *
 * <p>It is made under another name ({@code .ID.PID}) and gets its own when the lock is held; the lock goes last when it is removed. So a
 * folder by its own name whose lock is free, or gone, is nobody's.
 */
public final class StateDirectory implements AutoCloseable {
    /** Every process of a cluster carries its id under this name, so that none can hide. */
    public static final String MARK = "HEADROOM_CLUSTER";

    private static final String LOCK = "lock";

    /** While it is there, no process of the cluster may start. */
    private static final String CLOSING = "closing";

    /** Lines: control groups that are to be removed with the folder. */
    private static final String GROUPS = "cgroups";

    private static final int ROUNDS = 100;

    /**
     * Folders whose lock this very process holds. It must not so much as open their lock files: to close one of them gives up the lock,
     * as POSIX has it.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private StateDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
        OWN.add(path);
    }

    public static StateDirectory create() throws IOException {
        return create(OwnedFolder.ofThisUser());
    }

    static StateDirectory create(Path parent) throws IOException {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        for (int round = 0; ; round++) {
            try {
                return create(parent, id);
            } catch (NoSuchFileException lastOneOut) {
                // Another cluster has just ended and has taken the parent away with it.
                if (round == ROUNDS) {
                    throw lastOneOut;
                }
            }
        }
    }

    private static StateDirectory create(Path parent, String id) throws IOException {
        OwnedFolder.make(parent);
        Path fresh = parent.resolve("." + id + "." + ProcessHandle.current().pid());
        OwnedFolder.make(fresh);
        try {
            return lock(fresh, parent.resolve(id));
        } catch (IOException e) {
            // Who starts a cluster may be told to stop: an interrupted wait for the lock is no
            // reason to leave something behind.
            FileTrees.remove(fresh);
            removeIfEmpty(parent);
            throw e;
        }
    }

    private static StateDirectory lock(Path fresh, Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        fresh.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.lock();
            Files.move(fresh, path);
            return new StateDirectory(path, channel, lock);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Folders whose owner has died, taken over by the caller: no other start will touch them. */
    static List<StateDirectory> abandoned(Path parent) throws IOException {
        List<StateDirectory> found = new ArrayList<>();
        if (!Files.isDirectory(parent)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().startsWith(".")) {
                    removeUnfinished(entry);
                } else {
                    takeOver(entry, false).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** One that was being made when its maker was killed. */
    private static void removeUnfinished(Path path) throws IOException {
        String name = path.getFileName().toString();
        String maker = name.substring(name.lastIndexOf('.') + 1);
        boolean alive =
                maker.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(maker)).isPresent();
        if (!alive) {
            FileTrees.remove(path);
        }
    }

    /**
     * Takes over a folder whose owner has died.
     *
     * @param wait for an owner that is about to die
     */
    static Optional<StateDirectory> takeOver(Path path, boolean wait) throws IOException {
        if (OWN.contains(path)) {
            return Optional.empty();
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE);
        } catch (NoSuchFileException removedAllButFolder) {
            FileTrees.remove(path);
            return Optional.empty();
        }
        FileLock lock = wait ? channel.lock() : channel.tryLock();
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new StateDirectory(path, channel, lock));
    }

    public String id() {
        return path.getFileName().toString();
    }

    public Path path() {
        return path;
    }

    /** From now on no process of this cluster starts any more, not even one that was on its way. */
    void startNoMore() {
        try {
            // No writeString: that is refused to a thread that was interrupted.
            Files.createFile(path.resolve(CLOSING));
        } catch (FileAlreadyExistsException before) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A shell condition that holds for as long as processes of the cluster may start; {@code $1} is its folder. */
    static String mayStart() {
        return "[ -e \"$1/" + LOCK + "\" ] && [ ! -e \"$1/" + CLOSING + "\" ]";
    }

    /** Keeps in mind that a control group belongs to this cluster, before it is made. */
    void noteGroup(Path group) throws IOException {
        Files.writeString(
                path.resolve(GROUPS),
                group + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    List<Path> groups() throws IOException {
        Path file = path.resolve(GROUPS);
        return Files.exists(file) ? Text.utf8(file).lines().map(Path::of).toList() : List.of();
    }

    /** Removes the folder with all that is in it; but not while a control group stands that only it tells of. */
    @Override
    public void close() {
        try {
            if (groups().stream().anyMatch(Files::exists)) {
                return;
            }
            FileTrees.removeContent(path, LOCK);
            Files.deleteIfExists(path.resolve(LOCK));
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " could not be removed", e);
        } finally {
            release();
        }
        removeIfEmpty(OwnedFolder.parentOf(path));
    }

    /** The last one out takes the parent away. */
    private static void removeIfEmpty(Path parent) {
        try {
            Files.deleteIfExists(parent);
        } catch (IOException others) {
            return;
        }
    }

    private void release() {
        try {
            lock.close();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            OWN.remove(path);
        }
    }
}
