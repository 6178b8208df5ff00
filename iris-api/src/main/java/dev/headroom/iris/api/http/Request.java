package dev.headroom.iris.api.http;

/** A whole request as a handler sees it; valid only until the handler returns. */
public interface Request extends Head {
    /** The array in which the body lies, from {@link #bodyFrom} to {@link #bodyTo}. */
    byte[] bytes();

    /** Index of the body's first byte. */
    int bodyFrom();

    /** Index behind the body's last byte. */
    int bodyTo();

    /**
     * Asks whether so many more rows may be under way; they are given back once the answer was taken.
     *
     * @return false where too many are: the answer is then 503
     */
    boolean admit(int rows);
}
