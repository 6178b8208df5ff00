package dev.headroom.iris.api;

import java.math.BigDecimal;

/** Writes samples in Prometheus' text format 0.0.4 or in OpenMetrics 1.0.0, which differ in what a counter's family is called and in the end. */
final class MetricsText {
    private final StringBuilder page = new StringBuilder(8192);
    private final boolean open;
    private String family = "";

    MetricsText(boolean openMetrics) {
        this.open = openMetrics;
    }

    String contentType() {
        return open
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
    }

    String finish() {
        return open ? page.append("# EOF\n").toString() : page.toString();
    }

    /** Begins a counter; its samples are called {@code name_total}. */
    void counter(String name, String help) {
        head(name, open ? name : name + "_total", "counter", help);
    }

    void gauge(String name, String help) {
        head(name, name, "gauge", help);
    }

    void histogram(String name, String help) {
        head(name, name, "histogram", help);
    }

    /** Begins a summary without quantiles: a {@code name_count} and a {@code name_sum}. */
    void summary(String name, String help) {
        head(name, name, "summary", help);
    }

    private void head(String name, String shown, String type, String help) {
        family = name;
        page.append("# HELP ").append(shown).append(' ').append(help);
        page.append("\n# TYPE ").append(shown).append(' ').append(type).append('\n');
    }

    void sample(double value) {
        sample("", value);
    }

    void sample(String suffix, double value) {
        page.append(family).append(suffix).append(' ').append(number(value)).append('\n');
    }

    void sample(String suffix, String label, String text, double value) {
        page.append(family).append(suffix).append('{');
        label(label, text);
        page.append("} ").append(number(value)).append('\n');
    }

    void sample(
            String suffix, String label, String text, String label2, String text2, double value) {
        page.append(family).append(suffix).append('{');
        label(label, text);
        page.append(',');
        label(label2, text2);
        page.append("} ").append(number(value)).append('\n');
    }

    private void label(String name, String text) {
        page.append(name).append("=\"");
        page.append(text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        page.append('"');
    }

    /** A bucket's upper bound as Go writes it, which both formats ask for: 2.5e-05, 0.0001, 1 (in OpenMetrics 1.0). */
    String bound(double value) {
        if (value < 1e-4) {
            return Double.toString(value).replace(".0E-", "e-0").replace("E-", "e-0");
        }
        String plain = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        return open && plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    /** Whole numbers without a point. */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
