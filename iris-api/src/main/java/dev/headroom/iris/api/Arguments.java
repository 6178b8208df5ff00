package dev.headroom.iris.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the command line says.
 *
 * @param mode what is to be done
 * @param flags settings by their names in the environment
 */
record Arguments(Mode mode, Map<String, String> flags) {
    /** What the program is asked to do. */
    enum Mode {
        SERVE,
        CHECK,
        HELP,
        WARM_UP
    }

    /** Arguments that make no sense; the message names the one. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static Arguments of(String[] args) throws UsageException {
        Mode mode = Mode.SERVE;
        Map<String, String> flags = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--help", "-h" -> {
                    return new Arguments(Mode.HELP, Map.of());
                }
                case "--check" -> mode = Mode.CHECK;
                case "--warm-up" -> mode = Mode.WARM_UP;
                default -> i = flag(args, i, flags);
            }
        }
        return new Arguments(mode, flags);
    }

    /** Reads {@code --port 8000} or {@code --port=8000} and returns the index of the last argument that belongs to it. */
    private static int flag(String[] args, int i, Map<String, String> flags) throws UsageException {
        int equals = args[i].indexOf('=');
        String name = equals < 0 ? args[i] : args[i].substring(0, equals);
        for (Setting setting : Setting.values()) {
            if (setting.flag().equals(name)) {
                int last = equals < 0 ? i + 1 : i;
                if (last == args.length) {
                    throw new UsageException(name + " wants a value: " + setting.meaning());
                }
                if (flags.containsKey(setting.name())) {
                    throw new UsageException(name + " is given twice");
                }
                flags.put(setting.name(), equals < 0 ? args[last] : args[i].substring(equals + 1));
                return last;
            }
        }
        throw new UsageException("unknown argument " + args[i] + "; --help names what there is");
    }

    static String help() {
        StringBuilder text =
                new StringBuilder(
                        """
                        The Iris API: a small model server.

                        usage: serve [--check | --help] [SETTING…]

                          --check   load the model, check the settings, and end
                          --help    this text

                        Settings, as flags or in the environment (a flag comes first):

                        """);
        for (Setting setting : Setting.values()) {
            text.append("  ")
                    .append(setting.flag())
                    .append("  (")
                    .append(setting.name())
                    .append(")\n      ");
            text.append(setting.meaning());
            if (!setting.otherwise().isEmpty()) {
                text.append("; default ").append(setting.otherwise());
            }
            text.append('\n');
        }
        return text.append(
                        """

                        Exit codes: 0 after SIGTERM or SIGINT, 1 where it can't start, 2 for arguments that make no sense.
                        """)
                .toString();
    }
}
