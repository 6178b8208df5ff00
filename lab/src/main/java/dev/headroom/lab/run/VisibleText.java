package dev.headroom.lab.run;

import java.util.Locale;

/** Text of others as it may be shown: none of it is unseen, and none changes how the rest is seen. */
public final class VisibleText {
    private VisibleText() {}

    /**
     * The text with what could not be seen, or would change how the rest is seen, written out as its code point: control characters, the marks
     * that turn the direction of writing, and halves of surrogate pairs.
     */
    public static String of(String text) {
        int plain = 0;
        while (plain < text.length() && !hidden(text.charAt(plain), text, plain)) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (hidden(c, text, i)) {
                visible.append("\\u").append(String.format(Locale.ROOT, "%04X", (int) c));
            } else {
                visible.append(c);
            }
        }
        return visible.toString();
    }

    private static boolean hidden(char c, String text, int i) {
        if (Character.isHighSurrogate(c)) {
            return i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
        }
        return (c < ' ' && c != '\n' && c != '\t')
                || (c >= '\u007F' && c <= '\u009F')
                || c == '\u061C'
                || (c >= '\u200B' && c <= '\u200F')
                || (c >= '\u2028' && c <= '\u202E')
                || (c >= '\u2066' && c <= '\u2069')
                || c == '\uFEFF'
                || c == '\uFFFE'
                || c == '\uFFFF';
    }
}
