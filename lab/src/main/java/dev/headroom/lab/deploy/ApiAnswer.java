package dev.headroom.lab.deploy;

import dev.headroom.lab.run.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What the Kubernetes API answered.
 *
 * @param code the HTTP status
 * @param comeBack after how long it wants to be asked again, where it was too busy to answer; else null
 */
public record ApiAnswer(int code, String body, @Nullable Duration comeBack) {

    public boolean ok() {
        return code >= 200 && code < 300;
    }

    public JsonNode json() {
        return Json.mapper().readTree(body);
    }

    /** The message of the Status that came with an error, else the beginning of the body. */
    public String message() {
        try {
            String message = json().path("message").asString("");
            if (!message.isEmpty()) {
                return message;
            }
        } catch (JacksonException notJson) {
            // A proxy's page or a plain text: its beginning says it.
        }
        String text = body.strip();
        return text.isEmpty()
                ? "HTTP " + code
                : "HTTP " + code + ": " + (text.length() <= 200 ? text : text.substring(0, 200));
    }
}
