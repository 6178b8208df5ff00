package dev.headroom.lab.compare;

import dev.headroom.lab.compare.Bootstrap.Interval;
import dev.headroom.lab.compare.Comparison.Change;
import dev.headroom.lab.compare.Comparison.Measure;
import dev.headroom.lab.compare.Comparison.Outcome;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.verdict.Second;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Holds two runs against each other. Like is compared with like: the seconds in which as many pods served, after each phase has settled. A pure function of the runs' files.
 */
public final class Comparer {
    /** As a phase needs to decide anything. */
    private static final int LEAST_SECONDS = 10;

    /** How much of all requests more may fail before it is a regression: shares near zero have no ratio. */
    static final double FAILED_MORE = 0.001;

    private final double tolerance;
    private final List<Measure> measures = new ArrayList<>();

    private Comparer(double tolerance) {
        this.tolerance = tolerance;
    }

    /**
     * Compares.
     *
     * @param tolerance the part by which a measure may be worse: 0.1
     */
    public static Comparison compare(Side a, Side b, double tolerance) {
        List<Change> changes = Changes.of(a, b);
        List<String> refusals = new ArrayList<>(Changes.refusals(a, b));
        Comparer comparer = new Comparer(tolerance);
        LoadRecord loadA = a.load();
        LoadRecord loadB = b.load();
        if (refusals.isEmpty() && loadA != null && loadB != null) {
            comparer.measure(
                    Second.of(loadA, a.observations()), Second.of(loadB, b.observations()));
            if (comparer.measures.stream().noneMatch(m -> m.name().contains("pod"))) {
                refusals.add(
                        "there is no number of pods with which both served for "
                                + LEAST_SECONDS
                                + " settled seconds");
            }
        }
        if (!refusals.isEmpty()) {
            comparer.measures.clear();
        }
        List<String> regressions = new ArrayList<>();
        if (refusals.isEmpty()) {
            comparer.measures.stream()
                    .filter(m -> m.outcome() == Outcome.REGRESSION)
                    .map(ComparisonText::sentence)
                    .forEach(regressions::add);
            if (a.verdict().exitCode() == 0 && b.verdict().exitCode() == 99) {
                regressions.add(
                        "the first run met its expectations and the second did not: "
                                + b.verdict().sentence());
            }
        }
        return new Comparison(
                Comparison.SCHEMA, tolerance, changes, comparer.measures, refusals, regressions);
    }

    private void measure(List<Second> a, List<Second> b) {
        TreeSet<Integer> sizes = new TreeSet<>();
        a.forEach(s -> sizes.add(s.pods()));
        sizes.remove(0);
        for (int pods : sizes) {
            List<Second> ofA = a.stream().filter(s -> s.pods() == pods).toList();
            List<Second> ofB = b.stream().filter(s -> s.pods() == pods).toList();
            String with = ", " + pods + (pods == 1 ? " pod" : " pods");
            ratio(
                    "good answers a second" + with,
                    "/s",
                    true,
                    Bootstrap::mean,
                    ofA,
                    ofB,
                    Second::good);
            ratio("median latency" + with, "ms", false, Bootstrap::median, ofA, ofB, Second::p50);
            ratio("p99 latency" + with, "ms", false, Bootstrap::median, ofA, ofB, Second::p99);
        }
        failed(a, b);
    }

    private void ratio(
            String name,
            String unit,
            boolean moreIsBetter,
            ToDoubleFunction<double[]> of,
            List<Second> ofA,
            List<Second> ofB,
            Function<Second, @Nullable Double> value) {
        double[] a = series(ofA, value);
        double[] b = series(ofB, value);
        double valueA = of.applyAsDouble(a);
        double valueB = of.applyAsDouble(b);
        if (a.length < LEAST_SECONDS || b.length < LEAST_SECONDS || !(valueA > 0)) {
            return;
        }
        // A draw of zeros alone tells nothing of a ratio.
        Interval interval =
                Bootstrap.interval(a, b, of, (y, x) -> x > 0 ? y / x - 1 : Double.MAX_VALUE);
        double change = valueB / valueA - 1;
        double worse = moreIsBetter ? -change : change;
        add(name, unit, valueA, valueB, change, interval, a.length, b.length, worse, tolerance);
    }

    private void failed(List<Second> ofA, List<Second> ofB) {
        double[] a = series(ofA, Second::failedShare);
        double[] b = series(ofB, Second::failedShare);
        if (a.length < LEAST_SECONDS || b.length < LEAST_SECONDS) {
            return;
        }
        Interval interval = Bootstrap.interval(a, b, Bootstrap::mean, (y, x) -> y - x);
        double shareA = Bootstrap.mean(a);
        double shareB = Bootstrap.mean(b);
        double change = shareB - shareA;
        add(
                "failed requests",
                "share",
                shareA,
                shareB,
                change,
                interval,
                a.length,
                b.length,
                change,
                FAILED_MORE);
    }

    private void add(
            String name,
            String unit,
            double a,
            double b,
            double change,
            Interval interval,
            int secondsA,
            int secondsB,
            double worse,
            double allowed) {
        Outcome outcome =
                interval.holds(0)
                        ? Outcome.WITHIN_NOISE
                        : worse <= 0
                                ? Outcome.BETTER
                                : worse <= allowed ? Outcome.WORSE : Outcome.REGRESSION;
        measures.add(
                new Measure(
                        name,
                        unit,
                        a,
                        b,
                        change,
                        interval.low(),
                        interval.high(),
                        List.of(secondsA, secondsB),
                        outcome));
    }

    private static double[] series(List<Second> seconds, Function<Second, @Nullable Double> value) {
        return seconds.stream()
                .map(value)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
