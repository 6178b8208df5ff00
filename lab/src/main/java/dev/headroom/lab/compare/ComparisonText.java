package dev.headroom.lab.compare;

import dev.headroom.lab.compare.Comparison.Measure;
import dev.headroom.lab.run.VisibleText;
import java.util.List;
import java.util.Locale;

/** A comparison for people. */
public final class ComparisonText {
    private ComparisonText() {}

    /** Lines, each ended. */
    public static String of(Comparison comparison) {
        StringBuilder out = new StringBuilder();
        for (Comparison.Change change : comparison.changes()) {
            out.append(change.what() + ": " + change.a() + " -> " + change.b() + "\n");
        }
        if (comparison.changes().isEmpty()) {
            out.append("settings and outcome are the same\n");
        }
        int widest =
                comparison.measures().stream().mapToInt(m -> m.name().length()).max().orElse(0);
        for (Measure measure : comparison.measures()) {
            out.append(
                    String.format(
                            Locale.ROOT,
                            "%-" + widest + "s  %12s -> %-12s %9s  [%s, %s]  %s%n",
                            measure.name(),
                            value(measure, measure.a()),
                            value(measure, measure.b()),
                            percent(measure.change()),
                            percent(measure.low()),
                            percent(measure.high()),
                            words(measure.outcome())));
        }
        lines(out, "can't be compared: ", comparison.refusals());
        lines(out, "regression: ", comparison.regressions());
        if (comparison.refusals().isEmpty() && comparison.regressions().isEmpty()) {
            out.append("no regression beyond ")
                    .append(percent(comparison.tolerance()).substring(1))
                    .append("\n");
        }
        return VisibleText.of(out.toString().replace("\r\n", "\n"));
    }

    private static void lines(StringBuilder out, String begin, List<String> texts) {
        texts.forEach(t -> out.append(begin).append(t).append('\n'));
    }

    /** A measure in a sentence. */
    static String sentence(Measure measure) {
        return measure.name()
                + ": "
                + value(measure, measure.a())
                + " -> "
                + value(measure, measure.b())
                + ", "
                + percent(measure.change())
                + " ("
                + percent(measure.low())
                + " to "
                + percent(measure.high())
                + ")";
    }

    private static String value(Measure measure, double value) {
        if (measure.unit().equals("share")) {
            return String.format(Locale.ROOT, "%.3f %%", value * 100);
        }
        String number = String.format(Locale.ROOT, value < 100 ? "%,.2f" : "%,.0f", value);
        return measure.unit().startsWith("/")
                ? number + measure.unit()
                : number + " " + measure.unit();
    }

    private static String percent(double part) {
        return part == Double.MAX_VALUE
                ? "unknown"
                : String.format(Locale.ROOT, "%+.1f %%", part * 100);
    }

    private static String words(Comparison.Outcome outcome) {
        return switch (outcome) {
            case WITHIN_NOISE -> "within noise";
            case BETTER -> "better";
            case WORSE -> "worse";
            case REGRESSION -> "REGRESSION";
        };
    }
}
