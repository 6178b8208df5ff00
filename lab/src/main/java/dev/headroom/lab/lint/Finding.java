package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;

/**
 * Something that a rule found.
 *
 * @param key where in the object, as a path; empty for the whole object
 * @param message what was found there
 */
public record Finding(Rule rule, Manifest object, String key, String message) {

    /** From 1; 0 where the object is of no file. */
    public int line() {
        return object.line(key);
    }

    /** {@code k8s/hpa.yaml:12}; of a cluster's object: {@code cluster}. */
    public String where() {
        return line() > 0 ? object.file() + ":" + line() : object.file().toString();
    }

    /** {@code default/Deployment/web}. */
    public String objectName() {
        String namespace = object.namespace();
        return (namespace == null ? "" : namespace + "/") + object.title();
    }
}
