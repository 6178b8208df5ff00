package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;

/** Takes what a rule finds. */
@FunctionalInterface
public interface Findings {
    /**
     * @param key where in the object, as a path; empty for the whole object
     * @param message what was found there
     */
    void add(Manifest object, String key, String message);
}
