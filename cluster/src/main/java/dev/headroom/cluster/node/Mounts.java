package dev.headroom.cluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts a container's volumes at their mount paths, by a script that the process runs in its own mount namespace before it becomes the
 * program. A path that the host does not have is made on a stand-in for the nearest folder it does have: a folder in memory in which all
 * that is in the host's is bound to its name. So the host's own folders are never written to. Where that folder is the root itself, the
 * process is moved into the stand-in.
 */
final class Mounts {
    /** As seen by the shell: binds all of a folder to its names in a folder in memory, or links to it. */
    private static final String MIRROR =
            """
            mirror() {
              mount -t tmpfs -o mode="$(stat -c %a "$1/.")" headroom "$2"
              for entry in "$1"/* "$1"/.*; do
                name=${entry##*/}
                case $name in . | ..) continue ;; esac
                if [ -h "$entry" ]; then
                  cp -P "$entry" "$2/$name"
                elif [ -d "$entry" ]; then
                  mkdir "$2/$name"
                  mount --rbind "$entry" "$2/$name"
                elif [ -e "$entry" ]; then
                  : >"$2/$name"
                  mount --bind "$entry" "$2/$name"
                fi
              done
            }
            devices() {
              mount -t tmpfs -o mode=755 headroom "$2"
              mkdir "$2/.host"
              mount --rbind "$1" "$2/.host"
              (cd "$2" && ln -s .host/* .)
            }
            frozen() {
              mount -o remount,bind,ro "$1" || mount -o remount,bind,ro,nosuid,nodev "$1"
            }
            """;

    private static final Path ROOT = Path.of("/");

    /** Has hundreds of entries on some hosts, and links to them do: binding each of them takes a process. */
    private static final Path DEVICES = Path.of("/dev");

    /**
     * One volume, or a part of one, at a path.
     *
     * @param source a folder or a file of the pod's own
     * @param target absolute
     */
    record Mount(Path source, Path target, boolean readOnly) {}

    private final Path folder;
    private final List<Mount> mounts;

    /** By the host's folder: what is to be made on its stand-in. Deeper folders first, the root last. */
    private final Map<Path, List<String>> missing =
            new TreeMap<>(
                    Comparator.<Path>comparingInt(Path::getNameCount)
                            .reversed()
                            .thenComparing(Comparator.naturalOrder()));

    private Mounts(Path folder, List<Mount> mounts) {
        this.folder = folder;
        this.mounts = mounts;
    }

    /**
     * Writes the script.
     *
     * @param folder for the script and for stand-ins, of this container's alone
     * @param kept files and folders that the program needs and that a mount may hide
     * @param directory where the command is to run
     * @return the script; its arguments are the command
     * @throws IOException where a folder is to be put onto a file, or a file onto a folder
     */
    static Path script(Path folder, List<Mount> mounts, List<Path> kept, Path directory)
            throws IOException {
        List<Mount> outerFirst = new ArrayList<>(mounts);
        outerFirst.sort(Comparator.comparingInt(mount -> mount.target().getNameCount()));
        Files.createDirectories(folder);
        Mounts plan = new Mounts(folder, outerFirst);
        for (Mount mount : outerFirst) {
            plan.find(mount);
        }
        return Files.writeString(folder.resolve("mounts.sh"), plan.text(kept, directory));
    }

    private void find(Mount mount) throws IOException {
        boolean isFolder = Files.isDirectory(mount.source());
        Mount outer = outer(mount);
        if (outer != null) {
            Path point = outer.source().resolve(outer.target().relativize(mount.target()));
            if (isFolder) {
                Files.createDirectories(point);
            } else if (!Files.exists(point)) {
                Files.createDirectories(parent(point));
                Files.createFile(point);
            }
            return;
        }
        if (Files.exists(mount.target())) {
            if (Files.isDirectory(mount.target()) != isFolder) {
                throw new IOException(
                        mount.target()
                                + " is a "
                                + (isFolder ? "file" : "folder")
                                + ", and a "
                                + (isFolder ? "folder" : "file")
                                + " is to be mounted there");
            }
            return;
        }
        Path near = parent(mount.target());
        while (!Files.isDirectory(near)) {
            near = parent(near);
        }
        Path within = near.relativize(mount.target());
        String point = "\"$stage\"/" + quoted(within);
        List<String> made = missing.computeIfAbsent(near, n -> new ArrayList<>());
        made.add("mkdir -p " + (isFolder ? point : "\"$stage\"/" + quoted(upTo(within))));
        if (!isFolder) {
            made.add(": >>" + point);
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? ROOT : parent;
    }

    private static Path upTo(Path relative) {
        Path parent = relative.getParent();
        return parent == null ? Path.of(".") : parent;
    }

    /** The mount within whose target another's lies. */
    private @Nullable Mount outer(Mount inner) {
        Mount found = null;
        for (Mount candidate : mounts) {
            if (candidate != inner
                    && inner.target().startsWith(candidate.target())
                    && !inner.target().equals(candidate.target())) {
                found = candidate;
            }
        }
        return found;
    }

    private String text(List<Path> kept, Path directory) {
        StringBuilder text = new StringBuilder("set -e\nPATH=$PATH:/usr/sbin:/sbin\n");
        text.append(MIRROR).append("here=").append(quoted(directory)).append('\n');
        for (Mount mount : mounts) {
            keep(text, mount, kept);
        }
        int number = 0;
        for (Map.Entry<Path, List<String>> entry : missing.entrySet()) {
            Path near = entry.getKey();
            text.append("stage=").append(quoted(folder.resolve("stage-" + number++))).append('\n');
            text.append("mkdir -p \"$stage\"\n");
            text.append(near.equals(DEVICES) ? "devices " : "mirror ")
                    .append(near.equals(ROOT) ? "''" : quoted(near))
                    .append(" \"$stage\"\n");
            entry.getValue().forEach(line -> text.append(line).append('\n'));
            if (!near.equals(ROOT)) {
                text.append("mount --rbind \"$stage\" ").append(quoted(near)).append('\n');
            }
        }
        String root = missing.containsKey(ROOT) ? "\"$stage\"" : "";
        for (Mount mount : root.isEmpty() ? hidingLast() : mounts) {
            String target =
                    root.isEmpty() ? quoted(reachable(mount)) : root + quoted(mount.target());
            text.append("mount --rbind ").append(quoted(mount.source())).append(' ');
            text.append(target).append('\n');
            if (mount.readOnly()) {
                text.append("frozen ").append(target).append('\n');
            }
        }
        text.append(
                root.isEmpty()
                        ? "cd \"$here\"\nexec \"$@\"\n"
                        : "exec chroot \"$stage\" /bin/sh -c 'cd \"$0\"; exec \"$@\"' \"$here\" \"$@\"\n");
        return text.toString();
    }

    /** Whether what is to be mounted lies below its target, as it does below {@code /tmp}: once it is mounted nothing else can be. */
    private boolean hides(Mount mount) {
        return folder.startsWith(mount.target());
    }

    private List<Mount> hidingLast() {
        List<Mount> order = new ArrayList<>(mounts);
        order.sort(Comparator.comparing(this::hides));
        return order;
    }

    /** Where to mount it: within what hides, it goes into what is to be mounted there, and comes along with that. */
    private Path reachable(Mount mount) {
        for (Mount outer : mounts) {
            if (outer != mount && hides(outer) && mount.target().startsWith(outer.target())) {
                return outer.source().resolve(outer.target().relativize(mount.target()));
            }
        }
        return mount.target();
    }

    /** What the image is made of must not vanish under a volume: as if the image stood there, beside what the volume holds. */
    private static void keep(StringBuilder text, Mount mount, List<Path> kept) {
        kept.stream()
                .filter(path -> path.startsWith(mount.target()) && !path.equals(mount.target()))
                .map(path -> mount.target().relativize(path).getName(0))
                .distinct()
                .forEach(name -> {
                    String inside = quoted(mount.source().resolve(name));
                    text.append("mkdir -p ").append(inside).append('\n');
                    text.append("mount --rbind ")
                            .append(quoted(mount.target().resolve(name)))
                            .append(' ')
                            .append(inside)
                            .append('\n');
                });
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
