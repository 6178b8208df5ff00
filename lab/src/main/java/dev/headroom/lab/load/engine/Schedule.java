package dev.headroom.lab.load.engine;

/** When requests are due at a constant rate: the n-th is due n periods after the start, whatever became of the others. */
final class Schedule {
    private final double nanosPerRequest;
    private final double offset;
    private long start;
    private long due;
    private long sent;

    /**
     * @param ratePerSecond of all threads
     * @param thread which of them this is: their requests are due in turn
     */
    Schedule(double ratePerSecond, int threads, int thread) {
        this.nanosPerRequest = 1e9 / ratePerSecond * threads;
        this.offset = 1e9 / ratePerSecond * thread;
    }

    void start(long now) {
        start = now;
    }

    private long at(long number) {
        return start + Math.round(number * nanosPerRequest + offset);
    }

    /** When the next request will be due. */
    long next() {
        return at(due);
    }

    void becameDue() {
        due++;
    }

    boolean hasBacklog() {
        return sent < due;
    }

    /** Takes the oldest that is due and not sent; the result is when it was due. */
    long take() {
        return at(sent++);
    }
}
