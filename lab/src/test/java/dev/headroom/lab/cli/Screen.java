package dev.headroom.lab.cli;

import java.util.ArrayList;
import java.util.List;

/** As much of a terminal as the program asks for: carriage return, line feed, erase to the end of the line (EL), and wrapping or not (DECAWM). */
final class Screen {
    private Screen() {}

    /** The lines that a person sees, without empty ones at the end. */
    static List<String> show(String printed, int width) {
        List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        int column = 0;
        boolean wraps = true;
        for (int i = 0; i < printed.length(); i++) {
            char c = printed.charAt(i);
            if (c == '\r') {
                column = 0;
            } else if (c == '\n') {
                rows.add(new StringBuilder());
                row++;
                column = 0;
            } else if (printed.startsWith("\033[K", i)) {
                rows.get(row).setLength(Math.min(rows.get(row).length(), column));
                i += 2;
            } else if (printed.startsWith("\033[?7l", i) || printed.startsWith("\033[?7h", i)) {
                wraps = printed.charAt(i + 4) == 'h';
                i += 4;
            } else {
                if (column == width && wraps) {
                    rows.add(new StringBuilder());
                    row++;
                    column = 0;
                }
                column = Math.min(column, width - 1);
                put(rows.get(row), column++, c);
            }
        }
        while (!rows.isEmpty() && rows.getLast().isEmpty()) {
            rows.removeLast();
        }
        return rows.stream().map(StringBuilder::toString).toList();
    }

    private static void put(StringBuilder row, int column, char c) {
        while (row.length() <= column) {
            row.append(' ');
        }
        row.setCharAt(column, c);
    }
}
