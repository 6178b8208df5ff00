package dev.headroom.lab.cli;

import dev.headroom.lab.load.LoadProgress;
import dev.headroom.lab.observe.Observer;
import dev.headroom.lab.observe.Snapshot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows a load while it runs: a live line on a terminal, a log line every five seconds elsewhere. */
final class LoadDisplay implements LoadProgress {
    private static final int SECONDS_A_LINE = 5;

    private final Terminal terminal;
    private final String name;
    private final Duration duration;
    private final Observer observer;
    private final @Nullable Snapshot atStart;
    private @Nullable Moment before;

    LoadDisplay(Terminal terminal, String name, Duration duration, Observer observer) {
        this.terminal = terminal;
        this.name = name;
        this.duration = duration;
        this.observer = observer;
        this.atStart = observer.latest();
    }

    @Override
    public void at(Moment moment) {
        String line =
                LiveLine.text(
                        duration.minus(moment.elapsed()),
                        atStart,
                        observer.latest(),
                        before,
                        moment);
        before = moment;
        if (terminal.live()) {
            terminal.overwrite(line + "  " + name);
        } else if (Math.round(moment.elapsed().toMillis() / 1e3) % SECONDS_A_LINE == 0) {
            terminal.line(name + ": " + line);
        }
    }
}
