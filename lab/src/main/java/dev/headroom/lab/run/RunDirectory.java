package dev.headroom.lab.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import tools.jackson.databind.JsonNode;

/**
 * A run directory: the files through which the stages meet. A file appears whole or not at all, but for the observations, which grow line by line.
 */
public final class RunDirectory {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Enough for all files but the observations; on a full disk it is given up for them, so that what was measured is not lost. */
    private static final int KEPT_FREE = 1 << 20;

    private static final String ROOM = ".room";

    /** How run directories are called, as a glob. */
    private static final String NAME = "[0-9]*T[0-9]*Z-*";

    private static final long OWN = ProcessHandle.current().pid();

    private final Path path;
    private final boolean madeAround;

    private RunDirectory(Path path, boolean madeAround) {
        this.path = path;
        this.madeAround = madeAround;
    }

    /**
     * Makes {@code runs/<time>-<name>}; where it exists already, with {@code -2}, {@code -3} … after it.
     *
     * @throws StageException where it can't be made
     */
    public static RunDirectory create(Path runs, String name, Instant now) throws StageException {
        try {
            boolean makesAround = !Files.exists(runs);
            Files.createDirectories(runs);
            sweep(runs);
            String wanted = TIME.format(now) + "-" + name;
            for (int i = 1; ; i++) {
                Path path = runs.resolve(i == 1 ? wanted : wanted + "-" + i);
                try {
                    RunDirectory made = new RunDirectory(Files.createDirectory(path), makesAround);
                    made.keepRoom();
                    return made;
                } catch (FileAlreadyExistsException taken) {
                    // Another run that started in the same second: try the next name.
                }
            }
        } catch (IOException e) {
            throw new StageException(
                    "experiment", "can't make a run directory in " + runs + ": " + words(e), e);
        }
    }

    /** Its name tells the process that keeps it, so that what a killed one has left can be given back by whoever comes next. */
    private void keepRoom() throws IOException {
        Path room = path.resolve(ROOM + "-" + OWN);
        try {
            Files.write(room, new byte[KEPT_FREE]);
        } catch (IOException e) {
            Files.deleteIfExists(room);
            Files.delete(path);
            throw e;
        }
    }

    private boolean giveUpRoom() throws IOException {
        return giveUpRoom(path, pid -> pid == OWN || ProcessHandle.of(pid).isEmpty());
    }

    private static boolean giveUpRoom(Path directory, LongPredicate keepers) throws IOException {
        boolean given = false;
        try (DirectoryStream<Path> rooms = Files.newDirectoryStream(directory, ROOM + "*")) {
            for (Path room : rooms) {
                String pid = String.valueOf(room.getFileName()).substring(ROOM.length());
                if (!pid.matches("-\\d{1,18}") || keepers.test(Long.parseLong(pid.substring(1)))) {
                    given |= Files.deleteIfExists(room);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return given;
    }

    /** Gives back what runs that were killed had kept. */
    private static void sweep(Path runs) {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(runs, NAME)) {
            for (Path directory : directories) {
                if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                    giveUpRoom(directory, pid -> ProcessHandle.of(pid).isEmpty());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Somebody else's runs, or one that is being removed: what stays harms nobody.
        }
    }

    /** Nothing more will be written; to be called in the end, whatever became of the run. */
    public void complete() {
        try {
            giveUpRoom();
        } catch (IOException e) {
            // A file that can't be removed harms nobody, and hides no result.
        }
    }

    /** Removes a run that never began: a directory with nothing measured in it, and the folder around it where that was made for it. */
    public void discard() {
        try {
            complete();
            Files.deleteIfExists(path(RunFile.EXPERIMENT));
            Files.delete(path);
            Path runs = path.getParent();
            if (madeAround && runs != null) {
                Files.delete(runs);
            }
        } catch (IOException e) {
            // It holds something else: that stays.
        }
    }

    /**
     * A run directory that is there.
     *
     * @throws DamagedRunException where it is no folder, or holds none of a run's files
     */
    public static RunDirectory open(Path path) throws DamagedRunException {
        if (!Files.isDirectory(path)) {
            throw new DamagedRunException(
                    path,
                    0,
                    Files.exists(path)
                            ? "is no run directory but a file"
                            : "no such run directory");
        }
        return new RunDirectory(path, false);
    }

    public Path path() {
        return path;
    }

    public Path path(RunFile file) {
        return path.resolve(file.fileName());
    }

    public boolean has(RunFile file) {
        return Files.exists(path(file));
    }

    /**
     * Writes a file as a whole: it is there with all of its content, or as it was before.
     *
     * @param stage the stage that writes it, for the error
     */
    public void write(String stage, RunFile file, byte[] content) throws StageException {
        try {
            writeWhole(file, content);
        } catch (IOException first) {
            try {
                if (!giveUpRoom()) {
                    throw first;
                }
                writeWhole(file, content);
            } catch (IOException e) {
                throw new StageException(stage, "can't write " + path(file) + ": " + words(e), e);
            }
        }
    }

    private void writeWhole(RunFile file, byte[] content) throws IOException {
        Path part = path.resolve("." + file.fileName() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            moveInto(part, path(file));
        } catch (IOException e) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private static void moveInto(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Reads a JSON file.
     *
     * @param schema the version of its shape that this program knows, held against its {@code schema} field
     * @throws DamagedRunException naming file and line
     */
    public <T> T read(RunFile file, Class<T> type, int schema) throws DamagedRunException {
        Path path = path(file);
        JsonText text = new JsonText(text(path));
        try {
            JsonNode found = text.tree().path("schema");
            if (!found.isInt() || found.intValue() != schema) {
                String what = found.isMissingNode() ? "is missing" : "found " + found;
                throw text.at("schema", what + "; this program reads schema " + schema);
            }
            return text.value(type, isMeasured(file));
        } catch (JsonText.Wrong e) {
            throw new DamagedRunException(path, e.line(), e.words());
        }
    }

    /**
     * Reads a file of one JSON value a line.
     *
     * @throws DamagedRunException naming file and line
     */
    public <T> List<T> readLines(RunFile file, Class<T> type) throws DamagedRunException {
        Path path = path(file);
        String text = text(path);
        List<T> values = new ArrayList<>();
        int line = 1;
        for (int from = 0; from < text.length(); line++) {
            int to = text.indexOf('\n', from);
            if (to < 0) {
                throw new DamagedRunException(path, line, "the line is cut off");
            }
            String one = text.substring(from, to);
            if (one.isBlank()) {
                throw new DamagedRunException(path, line, "the line is empty");
            }
            try {
                values.add(new JsonText(one).value(type, isMeasured(file)));
            } catch (JsonText.Wrong e) {
                throw new DamagedRunException(path, line, e.words());
            }
            from = to + 1;
        }
        return values;
    }

    /** A verdict's numbers are computed: a change may well be negative. */
    private static boolean isMeasured(RunFile file) {
        return file != RunFile.VERDICT;
    }

    private static String text(Path path) throws DamagedRunException {
        try {
            return Files.readString(path, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new DamagedRunException(path, wrongLine(path), "is not UTF-8 text");
        } catch (NoSuchFileException e) {
            throw new DamagedRunException(path, 0, "is missing");
        } catch (IOException e) {
            throw new DamagedRunException(path, 0, "can't be read: " + words(e));
        }
    }

    private static int wrongLine(Path path) {
        try {
            return Utf8.wrongLine(Files.readAllBytes(path));
        } catch (IOException e) {
            return 0;
        }
    }

    private static String words(IOException e) {
        return Errors.words(e);
    }
}
