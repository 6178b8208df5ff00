package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Removing folders with all that is in them, also while a process that is about to end still writes there. Links are not followed. */
final class FileTrees {
    private static final int ROUNDS = 20;

    private FileTrees() {}

    static void remove(Path path) throws IOException {
        for (int round = 1; ; round++) {
            try {
                removeContent(path, "");
                Files.deleteIfExists(path);
                return;
            } catch (DirectoryNotEmptyException grew) {
                if (round == ROUNDS) {
                    throw grew;
                }
            }
        }
    }

    /** Removes what is in a folder, but not an entry of the name given. */
    static void removeContent(Path folder, String kept) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().equals(kept)) {
                    remove(entry);
                }
            }
        } catch (NoSuchFileException gone) {
            return;
        }
    }
}
