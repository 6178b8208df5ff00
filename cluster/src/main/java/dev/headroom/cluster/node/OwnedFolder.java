package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A folder that this user owns and nobody else can look into: where the clusters of a user have theirs. */
final class OwnedFolder {
    private static final int NAMES = 9;

    private OwnedFolder() {}

    /** In the user's runtime folder, or else among the temporary files. */
    static Path ofThisUser() throws IOException {
        return in(base(System.getenv(), Path.of(System.getProperty("java.io.tmpdir"))), thisUser());
    }

    static Path base(Map<String, String> environment, Path temporary) {
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        return !runtime.isEmpty() && Files.isWritable(Path.of(runtime))
                ? Path.of(runtime)
                : temporary;
    }

    /** Anybody may make anything among the temporary files: what is there and somebody else's is not used. */
    static Path in(Path base, Object user) throws IOException {
        for (int n = 0; n < NAMES; n++) {
            Path path = base.resolve("headroom-" + user + (n == 0 ? "" : "-" + n));
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) || isOwnedBy(path, user)) {
                return path;
            }
        }
        throw new IOException(
                base
                        + " has folders named headroom-"
                        + user
                        + ", and none belongs to this user; remove them, or set XDG_RUNTIME_DIR to a folder of your own");
    }

    private static boolean isOwnedBy(Path path, Object user) throws IOException {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                && Objects.equals(owner(path), user);
    }

    private static Object thisUser() throws IOException {
        Path status = Path.of("/proc/self/status");
        // Not the owner of /proc/self: that is a link, and root's.
        return Files.exists(status)
                ? effectiveUser(Files.readAllLines(status))
                : System.getProperty("user.name");
    }

    /** The second number of {@code Uid:}, as proc(5) has it. */
    static Object effectiveUser(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> (Object) Integer.valueOf(line.split("\\s+")[2]))
                .findFirst()
                .orElseThrow();
    }

    /** The user's number where there is one: a number needs no entry among the system's users. */
    private static Object owner(Path path) throws IOException {
        return Files.exists(Path.of("/proc/self"))
                ? Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                : Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    }

    /** Makes it if it is not there. */
    static void make(Path path) throws IOException {
        try {
            Files.createDirectory(path, ownerOnly(path));
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw there;
            }
        }
    }

    static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent(), "a path with a parent");
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
}
