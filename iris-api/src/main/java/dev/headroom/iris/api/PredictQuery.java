package dev.headroom.iris.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The query of {@code /predict}: {@code probabilities} is true or false; parameters that are not known are ignored. */
final class PredictQuery {
    private static final int IMPOSSIBLE = -1;

    private PredictQuery() {}

    /** 1 where probabilities are asked for, 0 where not, -1 for a value that is impossible, or two that differ. */
    static int read(String query) {
        int asked = 0;
        boolean given = false;
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            if (name.equals("probabilities")) {
                String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
                int one = value.equals("true") ? 1 : value.equals("false") ? 0 : IMPOSSIBLE;
                if (one == IMPOSSIBLE || given && one != asked) {
                    return IMPOSSIBLE;
                }
                asked = one;
                given = true;
            }
        }
        return asked;
    }

    /** An escape that is none stays as it is: it makes no known name and no possible value. */
    private static String decoded(String text) {
        try {
            return text.indexOf('%') < 0 ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
