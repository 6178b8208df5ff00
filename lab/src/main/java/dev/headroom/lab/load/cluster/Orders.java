package dev.headroom.lab.load.cluster;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.run.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;

/**
 * What a generator's pod is made to do, as its arguments say it. Its share of the load and the moment are told later ({@link Start}), when all pods are there.
 *
 * @param id of this load; only who knows it is listened to
 * @param plan the whole load
 * @param port where it listens for the lab
 * @param patienceSeconds how long it waits to be told to begin
 */
record Orders(String id, LoadRecord.Plan plan, int port, long patienceSeconds) {

    /** One word, since Kubernetes replaces {@code $(…)} in arguments. */
    String text() {
        byte[] json = Json.mapper().writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(json);
    }

    /**
     * Of what {@link #text} gave.
     *
     * @throws IllegalArgumentException where it is none
     */
    static Orders read(String text) {
        try {
            String json = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            return Json.mapper().readValue(json, Orders.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("are no orders for a load: " + e.getMessage(), e);
        }
    }
}
