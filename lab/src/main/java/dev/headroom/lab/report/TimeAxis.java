package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.Sample;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one axis of time in a report: seconds since the load began, or since the deployment did where no load was sent.
 *
 * @param origin milliseconds since the epoch
 * @param from the first moment that is drawn
 * @param to the last one
 */
record TimeAxis(boolean loaded, long origin, long from, long to) {
    /** Before the load only what leads to it is drawn: waiting for a baseline may take minutes. */
    private static final long BEFORE_MILLIS = 30_000;

    static TimeAxis of(DeploymentRecord deployment, @Nullable LoadRecord load, Seen seen) {
        List<Sample> samples = seen.samples();
        long first = samples.isEmpty() ? deployment.start() : samples.getFirst().at();
        long last = samples.isEmpty() ? deployment.end() : samples.getLast().at();
        if (load == null) {
            return new TimeAxis(
                    false,
                    deployment.start(),
                    Math.min(first, deployment.start()),
                    Math.max(last, deployment.end()));
        }
        long from = Math.max(Math.min(first, load.start()), load.start() - BEFORE_MILLIS);
        // The observer hears of the end a little later than it comes.
        for (Observation.Mark mark : seen.marks()) {
            last = mark.what().equals("load-end") ? Math.max(last, mark.at()) : last;
        }
        return new TimeAxis(true, load.start(), from, Math.max(last, load.end()));
    }

    String zero() {
        return loaded ? "the load began" : "the deployment began";
    }

    boolean shows(long at) {
        return at >= from && at <= to;
    }

    /** Seconds since the origin, to a tenth. */
    BigDecimal seconds(long at) {
        return Objects.requireNonNull(Plain.rounded((at - origin) / 1e3, 1));
    }

    /** {@code 16.2 s}; {@code whole run} where the moment is none. */
    String words(@Nullable Long at) {
        return at == null ? "whole run" : seconds(at).toPlainString().replace('-', '\u2212') + " s";
    }

    Html.Cell cell(@Nullable Long at) {
        return new Html.Cell(words(at), "n short", at == null ? "" : Plain.instant(at));
    }
}
