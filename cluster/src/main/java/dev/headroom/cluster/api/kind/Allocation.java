package dev.headroom.cluster.api.kind;

/** What a write has taken from a common stock, until it is known whether the write happens. */
public interface Allocation {
    Allocation NONE =
            new Allocation() {
                @Override
                public void done() {}

                @Override
                public void undo() {}
            };

    /** The write has happened. */
    void done();

    /** The write does not happen: nothing was taken. */
    void undo();
}
