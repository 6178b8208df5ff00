package dev.headroom.lab.load;

import dev.headroom.lab.load.LoadRecord.Ended;
import dev.headroom.lab.load.LoadRecord.Errors;
import dev.headroom.lab.load.LoadRecord.Latency;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.LoadRecord.Use;
import dev.headroom.lab.load.LoadRecord.Window;
import dev.headroom.lab.run.Plausible.Impossible;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What no load can have left: parts that are more than their whole, percentiles that fall, times that go back. */
final class Plausibility {
    /** Latencies are rounded, each in its own way. */
    private static final double ROUNDING = 1.01;

    private final List<Impossible> found = new ArrayList<>();

    private Plausibility() {}

    /** The first; null where there is none. */
    static @Nullable Impossible of(LoadRecord load) {
        Plausibility all = new Plausibility();
        all.plan(load.plan());
        all.notBefore("end", load.end(), "start", load.start());
        all.counts(load);
        if (load.latency() != null) {
            all.latency(load.latency());
        }
        all.windows(load.windows());
        all.uses(load.use());
        return all.found.isEmpty() ? null : all.found.getFirst();
    }

    private void plan(Plan plan) {
        positive("plan.threads", plan.threads());
        positive("plan.connections", plan.connections());
        positive("plan.durationSeconds", plan.durationSeconds());
        if (plan.ratePerSecond() != null) {
            positive("plan.ratePerSecond", plan.ratePerSecond());
        }
    }

    private void counts(LoadRecord load) {
        Errors errors = load.errors();
        long answers = load.answers();
        notMore("errors.status", errors.status(), "answers", answers);
        notMore("errors.timeout", errors.timeout(), "answers", answers);
        long coded = load.statusCodes().values().stream().mapToLong(Long::longValue).sum();
        notMore("statusCodes", coded, "answers", answers);
        if (load.ended().how() == Ended.How.COMPLETED) {
            // Of a generator that was killed, errors by kind are not known.
            long lost = errors.connect() + errors.read() + errors.write();
            notMore(
                    "failed",
                    load.failed(),
                    "answers and connect, read and write errors",
                    answers + lost);
        }
    }

    private void latency(Latency latency) {
        notLess("latency.max", latency.max(), "min", latency.min());
        notLess("latency.mean", latency.mean() * ROUNDING, latency.mean(), "min", latency.min());
        notLess("latency.max", latency.max() * ROUNDING, latency.max(), "mean", latency.mean());
        TreeMap<Double, String> keys = new TreeMap<>();
        for (String key : latency.percentiles().keySet()) {
            Impossible misnamed = Impossible.percentile("latency.percentiles", key);
            if (misnamed == null) {
                keys.put(Double.valueOf(key.substring(1)), key);
            } else {
                found.add(misnamed);
            }
        }
        String before = "min";
        double least = latency.min();
        for (String key : keys.values()) {
            double value = latency.percentiles().getOrDefault(key, least);
            notLess("latency.percentiles." + key, value, before, least);
            before = key;
            least = value;
        }
        notLess("latency.max", latency.max(), before, least);
    }

    private void windows(List<Window> windows) {
        long last = Long.MIN_VALUE;
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            String key = "windows[" + i + "]";
            if (window.at() <= last) {
                add(
                        key + ".at",
                        "found "
                                + window.at()
                                + ", not after the window before it, which ends at "
                                + last);
            }
            notMore(key + ".late", window.late(), "answers", window.answers());
            if (window.p50() != null && window.p99() != null) {
                notLess(key + ".p99", window.p99(), "p50", window.p50());
            }
            if (window.p99() != null && window.max() != null) {
                notLess(key + ".max", window.max(), "p99", window.p99());
            }
            last = window.at();
        }
    }

    private void uses(List<Use> uses) {
        long last = Long.MIN_VALUE;
        for (int i = 0; i < uses.size(); i++) {
            if (uses.get(i).at() <= last) {
                add(
                        "use[" + i + "].at",
                        "found "
                                + uses.get(i).at()
                                + ", not after the entry before it, which is of "
                                + last);
            }
            last = uses.get(i).at();
        }
    }

    private void positive(String key, double value) {
        if (!(value > 0)) {
            add(key, "found " + number(value) + "; it takes more than 0");
        }
    }

    private void notMore(String key, long value, String of, long most) {
        if (value > most) {
            add(key, "found " + value + ", more than " + of + ", which is " + most);
        }
    }

    private void notBefore(String key, long value, String of, long first) {
        if (value < first) {
            add(key, "found " + value + ", before " + of + ", which is " + first);
        }
    }

    private void notLess(String key, double value, String of, double least) {
        notLess(key, value, value, of, least);
    }

    private void notLess(String key, double tolerant, double value, String of, double least) {
        if (!(tolerant >= least)) {
            add(
                    key,
                    "found " + number(value) + ", less than " + of + ", which is " + number(least));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    private void add(String key, String words) {
        found.add(new Impossible(key, words));
    }
}
