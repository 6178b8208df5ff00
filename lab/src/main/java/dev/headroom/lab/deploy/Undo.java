package dev.headroom.lab.deploy;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One thing to be undone in the end.
 *
 * @param title {@code Service/api}
 * @param path of the object in the API
 * @param uid of the object that was created or changed; null where only a record of the plan is left, and the object itself must say that it was applied by this program
 * @param before the object as it was; null where there was none
 */
public record Undo(String title, String path, @Nullable String uid, @Nullable JsonNode before) {}
