package dev.headroom.cluster.controller;

/** Something that runs until it is closed. */
public interface Controller extends AutoCloseable {
    @Override
    void close();
}
