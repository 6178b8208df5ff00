package dev.headroom.lab.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** An experiment, or a manifest it names, is wrong; nothing has been started. Exit code 2. */
public final class ExperimentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ExperimentException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** All that is wrong, in the order of the files and of their lines. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing that is wrong.
     *
     * @param line from 1; 0 where no line can be named
     * @param key its path in the file ({@code load.wrk.threads}); empty for the whole file
     * @param text what was found, and what is accepted
     */
    public record Problem(Path file, int line, String key, String text) {
        @Override
        public String toString() {
            return file
                    + (line > 0 ? ":" + line : "")
                    + ": "
                    + (key.isEmpty() ? "" : key + ": ")
                    + text;
        }
    }
}
