package dev.headroom.iris.api.http;

import java.time.Duration;

/**
 * What a client may ask of the server.
 *
 * @param headBytes request line and field lines together
 * @param bodyBytes a body, once decoded
 * @param progress a request that has begun, or an answer that is being taken, must move on within this time
 * @param exchange a request must be there as a whole, and an answer be taken as a whole, within this time
 * @param idle a connection without a request is closed after this time
 * @param agedIdle a connection past its maximum age is closed once it was silent for this time
 * @param linger how long the end of a closing client is awaited, so that no reset eats the last answer
 */
public record Limits(
        int headBytes,
        int bodyBytes,
        Duration progress,
        Duration exchange,
        Duration idle,
        Duration agedIdle,
        Duration linger) {
    public static final Limits DEFAULT =
            new Limits(
                    8 << 10,
                    16 << 10,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2));
}
