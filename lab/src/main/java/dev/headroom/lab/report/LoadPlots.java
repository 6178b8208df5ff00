package dev.headroom.lab.report;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.load.LoadRecord.Window;
import dev.headroom.lab.report.Plot.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the load generator told of every second: of the load, and of itself. */
final class LoadPlots {
    private final LoadRecord load;
    private final TimeAxis axis;
    private final List<Window> windows;
    private final List<LoadRecord.Use> use;

    LoadPlots(LoadRecord load, TimeAxis axis, Thinned thinned) {
        this.load = load;
        this.axis = axis;
        windows = thinned.windows(load.windows());
        use = thinned.use(load.use());
    }

    boolean hasWindows() {
        return !windows.isEmpty();
    }

    boolean hasLatencies() {
        return windows.stream().anyMatch(w -> w.p50() != null);
    }

    Plot throughput() {
        Plot.Builder plot =
                windowed("throughput", "Throughput", "answers per second")
                        .from(
                                "Counted by the load generator; good answers are those that did not"
                                        + " fail.")
                        .line("good answers", Style.VALUE, rates(w -> w.answers() - w.failed()), 1)
                        .line("failed", Style.VALUE, rates(Window::failed), 1);
        if (load.plan().ratePerSecond() != null) {
            plot.line("due", Style.BOUND, rates(Window::due), 1);
        }
        return plot.build();
    }

    Plot latency() {
        return windowed("latency", "Latency", "ms")
                .from(
                        "Measured by the load generator, from when a request was "
                                + (load.plan().mode() == LoadRecord.Mode.CONSTANT_RATE
                                        ? "due."
                                        : "sent."))
                .line("p50", Style.VALUE, values(Window::p50), 2)
                .line("p99", Style.VALUE, values(Window::p99), 2)
                .build();
    }

    /**
     * Open connections where nothing else counted them.
     *
     * @param why those of each pod are unknown
     */
    Plot connections(String why) {
        return windowed("connections", "Connections", "open")
                .from("Open at the load generator; those of each pod are unknown: " + why + ".")
                .line("all", Style.TOTAL, values(Window::open), 0)
                .build();
    }

    Plot generator() {
        Plot.Builder plot =
                Plot.titled("generator", "CPU of the load generator", "cores")
                        .from("Read once a second by its driver.")
                        .unknownSince("it was not read");
        List<@Nullable Double> cores = new ArrayList<>();
        List<@Nullable Double> bound = new ArrayList<>();
        for (LoadRecord.Use second : use) {
            plot.times(List.of(axis.seconds(second.at())));
            cores.add(second.cpuCores());
            bound.add(load.generator().cpus());
        }
        return plot.line("used", Style.VALUE, cores, 2)
                .line("may use", Style.BOUND, bound, 2)
                .build();
    }

    private Plot.Builder windowed(String id, String title, String unit) {
        Plot.Builder plot = Plot.titled(id, title, unit);
        windows.forEach(w -> plot.times(List.of(axis.seconds(w.at()))));
        return plot;
    }

    /** Counts of windows as rates: a window may be a little longer or shorter than a second. */
    private List<@Nullable Double> rates(Function<Window, Long> count) {
        List<@Nullable Double> rates = new ArrayList<>();
        long before = load.start();
        for (Window window : windows) {
            double seconds = (window.at() - before) / 1e3;
            rates.add(seconds > 0 ? Double.valueOf(count.apply(window) / seconds) : null);
            before = window.at();
        }
        return rates;
    }

    private List<@Nullable Double> values(Function<Window, @Nullable Number> field) {
        List<@Nullable Double> values = new ArrayList<>();
        for (Window window : windows) {
            Number value = field.apply(window);
            values.add(value == null ? null : Double.valueOf(value.doubleValue()));
        }
        return values;
    }
}
