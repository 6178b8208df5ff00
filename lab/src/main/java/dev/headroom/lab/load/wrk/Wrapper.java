package dev.headroom.lab.load.wrk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The script that wrk is given: it loads the user's, and at the end writes exact figures to a file before the user's {@code done} is called. */
final class Wrapper {
    private Wrapper() {}

    /** Writes it. */
    static void write(Path to, @Nullable Path script, Path figures, long timeoutMicros)
            throws IOException {
        String locals =
                "local script, figures, timeout = %s, %s, %d\n"
                        .formatted(
                                script == null ? "nil" : quoted(script.toAbsolutePath()),
                                quoted(figures),
                                timeoutMicros);
        Files.writeString(to, locals + text());
    }

    private static String text() throws IOException {
        try (InputStream in = Wrapper.class.getResourceAsStream("wrapper.lua")) {
            if (in == null) {
                throw new IOException("wrapper.lua is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** As a Lua string in which every byte that could mean something stands by its number. */
    private static String quoted(Path path) {
        StringBuilder text = new StringBuilder("\"");
        for (byte b : path.toString().getBytes(StandardCharsets.UTF_8)) {
            text.append(
                    Character.isLetterOrDigit(b) || b == '/' || b == '-' || b == '_' || b == '.'
                            ? String.valueOf((char) b)
                            : "\\%03d".formatted(b & 0xff));
        }
        return text.append('"').toString();
    }
}
