package dev.headroom.lab.load.lua;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** LuaJIT for this machine, from the class path: put into a file for as long as it takes the system to load it. */
final class Natives {
    private Natives() {}

    /** Loads it for as long as the program runs. */
    static SymbolLookup load() {
        String name = name(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        try {
            Path file = Files.createTempFile("headroom-", "-" + name);
            try {
                extract(name, file);
                return SymbolLookup.libraryLookup(file, Arena.global());
            } finally {
                // The system has mapped it: the name is no longer needed, and nothing is left
                // behind.
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("LuaJIT can't be unpacked: " + e.getMessage(), e);
        }
    }

    private static void extract(String name, Path to) throws IOException {
        try (InputStream in = Natives.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path");
            }
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static String name(String system, String processor) {
        boolean mac = system.toLowerCase(Locale.ROOT).startsWith("mac");
        String which =
                switch (processor.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "64";
                    case "aarch64", "arm64" -> "arm64";
                    case "arm" -> "arm";
                    default ->
                            throw new UnsupportedOperationException(
                                    "there is no LuaJIT for the processor " + processor);
                };
        return "libluajit" + which + (mac ? ".dylib" : ".so");
    }
}
