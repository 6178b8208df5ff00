package dev.headroom.lab.run;

import java.nio.file.Path;

/** A file of a run directory is missing, cut off or not what it should be; the message names the file and, where there is one, the line. Exit code 2. */
public final class DamagedRunException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param line from 1; 0 where no line can be named
     */
    public DamagedRunException(Path file, int line, String problem) {
        super(line > 0 ? file + ":" + line + ": " + problem : file + ": " + problem);
    }
}
