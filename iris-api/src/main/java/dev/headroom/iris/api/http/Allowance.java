package dev.headroom.iris.api.http;

/** What the connections of one event loop hold (bytes, rows), against what they may: many slow clients must not fill the heap. */
final class Allowance {
    private final long most;
    private long held;

    Allowance(long most) {
        this.most = most;
    }

    /** Takes so many more, or none and says no. */
    boolean take(long more) {
        if (held + more > most) {
            return false;
        }
        held += more;
        return true;
    }

    void give(long more) {
        held -= more;
    }
}
