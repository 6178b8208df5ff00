package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Files of a volume that change all at once: they stand in a folder {@code ..data} points to, and that link is replaced as a whole. What
 * a reader opens by name leads through it, as a kubelet lays such volumes.
 */
final class VolumeFiles {
    private static final String DATA = "..data";

    private VolumeFiles() {}

    /**
     * What is in a file.
     *
     * @param mode of which the nine permission bits count
     */
    record Content(byte[] bytes, int mode) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Content content
                    && mode == content.mode
                    && Arrays.equals(bytes, content.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes) * 31 + mode;
        }
    }

    /** Replaces all files of a volume; the keys are paths within it. */
    static void write(Path volume, Map<String, Content> files) throws IOException {
        Path fresh = Files.createTempDirectory(volume, "..");
        for (Map.Entry<String, Content> file : files.entrySet()) {
            Path path = fresh.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().bytes());
            Files.setPosixFilePermissions(path, permissions(file.getValue().mode()));
        }
        permitFolders(fresh);
        Path data = volume.resolve(DATA);
        Path old = Files.isSymbolicLink(data) ? volume.resolve(Files.readSymbolicLink(data)) : null;
        Path next = volume.resolve("..data_tmp");
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, fresh.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        link(volume, files);
        if (old != null) {
            FileTrees.remove(old);
        }
    }

    private static void permitFolders(Path root) throws IOException {
        Set<PosixFilePermission> open = permissions(0755);
        try (var folders = Files.walk(root)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(folder, open);
            }
        }
    }

    private static void link(Path volume, Map<String, Content> files) throws IOException {
        Set<String> names = new HashSet<>();
        for (String path : files.keySet()) {
            String name = Path.of(path).getName(0).toString();
            Path link = volume.resolve(name);
            if (names.add(name) && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(volume)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (Files.isSymbolicLink(entry) && !name.equals(DATA) && !names.contains(name)) {
                    Files.delete(entry);
                }
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] byBit = {
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_READ
        };
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < byBit.length; bit++) {
            if ((mode >> bit & 1) != 0) {
                set.add(byBit[bit]);
            }
        }
        return set;
    }
}
