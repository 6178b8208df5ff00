package dev.headroom.iris.api;

import java.util.Locale;

/** A setting: its name in the environment is that of the constant, its flag the same in small letters with dashes. */
enum Setting {
    HOST(Form.TEXT, 0, 0, "127.0.0.1", "address to listen on"),
    PORT(Form.WHOLE, 0, 65_535, "8000", "port to listen on; 0 takes a free one, which is printed"),
    MODEL(Form.TEXT, 0, 0, "", "ONNX file with a tree ensemble, in place of the built-in model"),
    EVENT_LOOPS(
            Form.WHOLE,
            1,
            64,
            "1",
            "threads that serve; a pod of half a CPU has no use for a second"),
    MAX_CONNECTION_AGE(
            Form.SECONDS,
            0,
            86_400,
            "15",
            "age past which a connection ends with an answer, give or take a quarter; 0 is never"),
    MAX_CONNECTIONS(
            Form.WHOLE,
            0,
            1_000_000,
            "0",
            "open at the same time; the first request of a further one gets 503; 0 is what the file limit allows"),
    MAX_BODY_BYTES(Form.WHOLE, 1, 64 << 20, "1048576", "of a request's body; past it 413"),
    MAX_BATCH_ROWS(Form.WHOLE, 1, 1_000_000, "10000", "of a batch; past it 413"),
    MAX_ROWS_IN_FLIGHT(
            Form.WHOLE,
            1,
            10_000_000,
            "100000",
            "of batches whose answers are not taken yet; past it 503"),
    MAX_HELD_BYTES(
            Form.WHOLE,
            65_536,
            1 << 30,
            "16777216",
            "that unfinished requests and untaken answers hold together; past it 503"),
    HEAD_TIMEOUT(Form.SECONDS, 0.001, 86_400, "10", "for a request's head, from its first byte"),
    BODY_PROGRESS_TIMEOUT(Form.SECONDS, 0.001, 86_400, "10", "for the next part of a body"),
    BODY_TIMEOUT(Form.SECONDS, 0.001, 86_400, "60", "for a whole body"),
    ANSWER_PROGRESS_TIMEOUT(
            Form.SECONDS, 0.001, 86_400, "10", "for the taking of the next part of an answer"),
    ANSWER_TIMEOUT(Form.SECONDS, 0.001, 86_400, "60", "for the taking of a whole answer"),
    IDLE_TIMEOUT(Form.SECONDS, 0.001, 86_400, "75", "for a connection without a request"),
    SHUTDOWN_DELAY(
            Form.SECONDS,
            0,
            86_400,
            "1",
            "after SIGTERM in which new connections are still served"),
    SHUTDOWN_TIMEOUT(
            Form.SECONDS, 0, 86_400, "25", "after SIGTERM after which it goes in any case"),
    LOG_FORMAT(Form.CHOICE, 0, 0, "text", "text or json"),
    ACCESS_LOG(Form.CHOICE, 0, 0, "off", "on or off: a line for each request");

    /** What a value looks like. */
    enum Form {
        TEXT,
        WHOLE,
        SECONDS,
        CHOICE
    }

    private static final int MAX_DIGITS = 18;

    private final Form form;
    private final double least;
    private final double most;
    private final String otherwise;
    private final String meaning;

    Setting(Form form, double least, double most, String otherwise, String meaning) {
        this.form = form;
        this.least = least;
        this.most = most;
        this.otherwise = otherwise;
        this.meaning = meaning;
    }

    /** What is taken where nothing is said. */
    String otherwise() {
        return otherwise;
    }

    /** What it is for, with its unit where it has one. */
    String meaning() {
        return form == Form.SECONDS ? "seconds " + meaning : meaning;
    }

    String flag() {
        return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void check(String value) throws SettingsException {
        boolean possible =
                switch (form) {
                    case TEXT -> true;
                    case CHOICE ->
                            accepted().startsWith(value + " or ")
                                    || accepted().endsWith(" or " + value);
                    case WHOLE -> isNumber(value, false) && inRange(value);
                    case SECONDS -> isNumber(value, true) && inRange(value);
                };
        if (!possible) {
            throw new SettingsException(name() + " is '" + value + "': expected " + accepted());
        }
    }

    /** Digits, or digits with a point among them. By hand: a pattern would have to be compiled at each start. */
    private static boolean isNumber(String value, boolean pointAllowed) {
        int points = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean point = c == '.' && i > 0 && i < value.length() - 1;
            points += point ? 1 : 0;
            if (!point && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !value.isEmpty() && value.length() < MAX_DIGITS && points <= (pointAllowed ? 1 : 0);
    }

    private boolean inRange(String value) {
        double number = Double.parseDouble(value);
        return number >= least && number <= most;
    }

    private String accepted() {
        return switch (form) {
            case TEXT -> "a text";
            case CHOICE ->
                    meaning.indexOf(':') < 0 ? meaning : meaning.substring(0, meaning.indexOf(':'));
            case WHOLE -> "an integer from " + (long) least + " to " + (long) most;
            case SECONDS ->
                    "seconds from "
                            + (least == 0 ? "0" : String.valueOf(least))
                            + " to "
                            + (long) most;
        };
    }
}
