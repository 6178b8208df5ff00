package dev.headroom.iris.api.http;

import java.util.List;

/** What a running server knows of itself, over all its event loops; counts since its start. */
public interface ServerStatus {
    /** Whether it was told to go. */
    boolean draining();

    /** The routes' names, in the order of their indexes; requests of no route have the index -1. */
    List<String> routes();

    /** Requests of a route answered with this status. */
    long requests(int route, Status status);

    /** Requests answered with this status, of all routes and of none. */
    default long requests(Status status) {
        long sum = 0;
        for (int route = -1; route < routes().size(); route++) {
            sum += requests(route, status);
        }
        return sum;
    }

    /** Upper bounds of the latencies' buckets, nanoseconds; one more bucket has none. */
    long[] latencyBounds();

    /** Requests of a route in one bucket alone. */
    long latencies(int route, int bucket);

    /** All latencies of a route together, nanoseconds. */
    long latencySum(int route);

    /** Requests that have begun and are not answered, and answers that are not taken. */
    long inFlight();

    /** Connections accepted. */
    long accepted();

    /** Connections accepted only to be refused. */
    long refused();

    /** Connections that ended for this reason. */
    long closed(CloseReason reason);

    /** Connections that are open now. */
    default long open() {
        long open = accepted();
        for (CloseReason reason : CloseReason.values()) {
            open -= closed(reason);
        }
        return open;
    }
}
