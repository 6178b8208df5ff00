package dev.headroom.iris.api.http;

/** What one connection takes of what its event loop's connections may hold together. */
final class Holdings {
    private final Allowance allBytes;
    private final Allowance allRows;
    private final Counters counters;
    private int bytes;
    private int rows;
    private boolean inFlight;

    Holdings(Allowance allBytes, Allowance allRows, Counters counters) {
        this.allBytes = allBytes;
        this.allRows = allRows;
        this.counters = counters;
    }

    /** Rows that were admitted and are now this connection's to give back. */
    void addRows(int more) {
        rows += more;
    }

    /** Gives back the rows whose answers were taken. */
    void releaseRows() {
        if (rows > 0) {
            allRows.give(rows);
            rows = 0;
        }
    }

    /** Notes whether a request has begun or an answer is not taken yet. */
    void inFlight(boolean now) {
        if (now != inFlight) {
            inFlight = now;
            counters.inFlight(now ? 1 : -1);
        }
    }

    /** Holds so many bytes from now on, and says whether there was room for them; where not, none are held. */
    boolean hold(int now) {
        if (now == bytes) {
            return true;
        }
        allBytes.give(bytes);
        boolean room = allBytes.take(now);
        bytes = room ? now : 0;
        return room;
    }
}
