package dev.headroom.iris.api.json;

/** Takes the rows of a body one after another, while it is read. */
@FunctionalInterface
public interface RowSink {
    /**
     * Takes a row.
     *
     * @param row float32 values in the order of the names; valid until this returns
     */
    void row(float[] row);
}
