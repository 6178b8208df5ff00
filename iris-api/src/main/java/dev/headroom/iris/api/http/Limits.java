package dev.headroom.iris.api.http;

/**
 * How much a client may ask of the server, and all of them together.
 *
 * @param targetBytes a request's target
 * @param fieldBytes all field lines of a request together
 * @param fieldLines field lines of a request
 * @param bodyBytes a body, once decoded
 * @param connections open at the same time; the first request of a further one is refused
 * @param refusing further connections that may be open to be refused; past these no more are accepted
 * @param heldBytes what unfinished requests and untaken answers of all connections may hold together
 * @param rowsInFlight rows of batches that were computed and whose answers are not taken yet
 */
public record Limits(
        int targetBytes,
        int fieldBytes,
        int fieldLines,
        int bodyBytes,
        int connections,
        int refusing,
        long heldBytes,
        int rowsInFlight) {
    public static final Limits DEFAULT =
            new Limits(8 << 10, 16 << 10, 100, 1 << 20, 16_384, 256, 16 << 20, 100_000);

    /** The same, for one of several event loops: what is for all together is divided. */
    Limits share(int loops) {
        return new Limits(
                targetBytes,
                fieldBytes,
                fieldLines,
                bodyBytes,
                Math.max(1, connections / loops),
                Math.max(1, refusing / loops),
                Math.max(1, heldBytes / loops),
                Math.max(1, rowsInFlight / loops));
    }
}
