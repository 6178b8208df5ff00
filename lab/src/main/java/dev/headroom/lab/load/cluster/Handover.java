package dev.headroom.lab.load.cluster;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.run.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a pod hands over at its end, through its log: what it measured, or why it could not. A line of a log may have 16 KiB, so it is cut in pieces: {@code headroom-load 1/3 BASE64}.
 *
 * @param record null where nothing could be measured
 * @param problem null where something was
 */
record Handover(@Nullable LoadRecord record, @Nullable String problem) {
    private static final String MARK = "headroom-load ";
    private static final int PIECE = 8000;

    List<String> lines() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(Json.mapper().writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("an array can't refuse to be written to", e);
        }
        String text = Base64.getEncoder().encodeToString(bytes.toByteArray());
        int pieces = (text.length() + PIECE - 1) / PIECE;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            String piece = text.substring(i * PIECE, Math.min(text.length(), (i + 1) * PIECE));
            lines.add(MARK + (i + 1) + "/" + pieces + " " + piece);
        }
        return lines;
    }

    /** From a pod's whole log; null where it holds none, or not all of one. */
    static @Nullable Handover in(String log) {
        StringBuilder text = new StringBuilder();
        int seen = 0;
        int pieces = -1;
        for (String line : log.lines().toList()) {
            if (!line.startsWith(MARK)) {
                continue;
            }
            String[] parts = line.substring(MARK.length()).split("[/ ]", 3);
            if (parts.length == 3
                    && parts[0].equals(String.valueOf(seen + 1))
                    && parts[1].matches("[0-9]{1,6}")) {
                seen++;
                pieces = Integer.parseInt(parts[1]);
                text.append(parts[2].strip());
            }
        }
        return seen == pieces ? read(text.toString()) : null;
    }

    private static @Nullable Handover read(String text) {
        try (GZIPInputStream packed =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            return Json.mapper().readValue(packed.readAllBytes(), Handover.class);
        } catch (IOException | IllegalArgumentException | JacksonException damaged) {
            return null;
        }
    }
}
