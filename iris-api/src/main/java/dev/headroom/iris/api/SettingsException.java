package dev.headroom.iris.api;

/** A setting that makes no sense; the message names it, its value and what is accepted. */
final class SettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    SettingsException(String message) {
        super(message);
    }
}
