package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much CPU a fake pod is to use, in node CPUs: a quantity ({@code 250m}), or a formula of quantities, {@code replicas}, {@code t}
 * (seconds), {@code + - * /}, parentheses, {@code min(a, b)} and {@code max(a, b)}.
 */
final class CpuFormula {
    private static final String FORM =
            "a quantity such as 250m, or a formula of quantities, `replicas`, `t`, + - * /, parentheses, min(a, b) and max(a, b), such as min(6, t / 10) / replicas";
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:([0-9.]+m?)|(min|max|replicas|t)\\b|([-+*/(),]))");

    private final String text;
    private final List<String> tokens = new ArrayList<>();
    private int at;

    /** The amount at a moment. */
    interface Figure {
        /**
         * In node CPUs, not bounded.
         *
         * @param replicas pods that share the load, 1 or more
         * @param seconds since the first of them ran
         */
        double cpus(double replicas, double seconds);
    }

    private CpuFormula(String text) {
        this.text = text;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where it is none, with what was found and the accepted form
     */
    static Figure parse(String text) {
        CpuFormula formula = new CpuFormula(text);
        formula.split();
        Figure figure = formula.sum();
        if (formula.at < formula.tokens.size()) {
            throw formula.wrong("nothing more expected at " + formula.tokens.get(formula.at));
        }
        return figure;
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(
                "found \"" + text + "\" (" + why + "); it takes " + FORM);
    }

    private void split() {
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            tokens.add(matcher.group().strip());
            end = matcher.end();
        }
        if (!text.substring(end).isBlank()) {
            throw wrong("not understood from " + text.substring(end).strip());
        }
    }

    private boolean takes(String token) {
        boolean found = at < tokens.size() && tokens.get(at).equals(token);
        at += found ? 1 : 0;
        return found;
    }

    private void need(String token) {
        if (!takes(token)) {
            throw wrong(token + " expected");
        }
    }

    private static Figure both(Figure left, Figure right, DoubleBinaryOperator operator) {
        return (n, t) -> operator.applyAsDouble(left.cpus(n, t), right.cpus(n, t));
    }

    private Figure sum() {
        Figure left = product();
        while (true) {
            if (takes("+")) {
                left = both(left, product(), Double::sum);
            } else if (takes("-")) {
                left = both(left, product(), (a, b) -> a - b);
            } else {
                return left;
            }
        }
    }

    private Figure product() {
        Figure left = value();
        while (true) {
            if (takes("*")) {
                left = both(left, value(), (a, b) -> a * b);
            } else if (takes("/")) {
                left = both(left, value(), (a, b) -> a / b);
            } else {
                return left;
            }
        }
    }

    private Figure value() {
        if (takes("replicas")) {
            return (n, t) -> n;
        }
        if (takes("t")) {
            return (n, t) -> t;
        }
        if (takes("-")) {
            Figure negated = value();
            return (n, t) -> -negated.cpus(n, t);
        }
        for (String function : List.of("min", "max")) {
            if (takes(function)) {
                need("(");
                Figure left = sum();
                need(",");
                Figure right = sum();
                need(")");
                return both(left, right, function.equals("min") ? Math::min : Math::max);
            }
        }
        if (takes("(")) {
            Figure inner = sum();
            need(")");
            return inner;
        }
        return number();
    }

    private Figure number() {
        if (at == tokens.size() || !tokens.get(at).matches("[0-9]+(\\.[0-9]+)?m?")) {
            throw wrong("an amount expected");
        }
        double number = Quantities.parse(tokens.get(at++)).doubleValue();
        return (n, t) -> number;
    }
}
