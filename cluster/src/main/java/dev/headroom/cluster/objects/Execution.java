package dev.headroom.cluster.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A command that runs beside a container's program, its standard streams in the caller's hands. */
public interface Execution extends AutoCloseable {
    /** The command's input; closed where none was asked for. */
    OutputStream stdin();

    InputStream stdout();

    /** Empty where there is a terminal: what is written there comes by {@link #stdout}. */
    InputStream stderr();

    /** Tells the terminal, if there is one, its size in characters. */
    void resize(int columns, int rows) throws IOException;

    /** Waits for the end; 128 and the signal's number for a command ended by a signal. */
    int await() throws InterruptedException;

    /** Ends the command and what it started, if it still runs. */
    @Override
    void close();
}
