package dev.headroom.autoscaler;

/** A metric could not be computed; the message is the controller's. */
final class MetricException extends Exception {
    private static final long serialVersionUID = 1;

    MetricException(String message) {
        super(message);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
