package dev.headroom.lab.deploy;

import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.StageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What has to be undone as a text for an annotation: JSON, deflated, in Base64. The content of a Secret is never in it. */
final class UndoNote {
    private UndoNote() {}

    /** All of an object's annotations together may have 256 KiB. */
    private static final int MOST = 200_000;

    static String write(List<Undo> undo) {
        String whole = packed(undo, true);
        // Too much for a note: then at least what was created can be found again.
        return whole.length() <= MOST ? whole : packed(undo, false);
    }

    private static String packed(List<Undo> undo, boolean withBefore) {
        ArrayNode all = Json.mapper().createArrayNode();
        for (Undo one : undo) {
            ObjectNode entry = all.addObject().put("title", one.title()).put("path", one.path());
            JsonNode before = one.before();
            if (before != null) {
                boolean secret = one.title().startsWith("Secret/");
                entry.put("existed", true);
                if (withBefore && !secret) {
                    entry.set("before", before);
                }
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes)) {
            deflated.write(all.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("an array can't refuse to be written to", e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /**
     * Reads a note; of what was there before but is not in it, {@code before} is a missing node.
     *
     * @throws StageException where it can't be read: nothing is undone by guessing
     */
    static List<Undo> read(String note) throws StageException {
        List<Undo> undo = new ArrayList<>();
        if (note.isEmpty()) {
            return undo;
        }
        try (InflaterInputStream inflated =
                new InflaterInputStream(
                        new ByteArrayInputStream(Base64.getDecoder().decode(note)))) {
            String json = new String(inflated.readAllBytes(), StandardCharsets.UTF_8);
            for (JsonNode entry : Json.mapper().readTree(json)) {
                undo.add(
                        new Undo(
                                entry.path("title").asString(""),
                                entry.path("path").asString(""),
                                null,
                                entry.path("existed").asBoolean(false)
                                        ? entry.path("before")
                                        : null));
            }
            return undo;
        } catch (IOException | IllegalArgumentException | JacksonException e) {
            throw new StageException(
                    "deploy",
                    "the note of what a run left to be undone can't be read: it is no deflated JSON in Base64; look for what headroom applied (managedFields), undo it, and delete the claim named "
                            + ClaimObject.NAME,
                    e);
        }
    }
}
