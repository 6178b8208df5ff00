package dev.headroom.autoscaler;

/** A metric could not be computed; the message is the controller's. */
final class MetricException extends Exception {
    private static final long serialVersionUID = 1;
    private final String place;

    MetricException(String message) {
        this(message, "");
    }

    /** With what an error of the whole pass puts before the message, and an event does not. */
    MetricException(String message, String place) {
        super(message);
        this.place = place;
    }

    String place() {
        return place;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
