package dev.headroom.lab.load.engine;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Adds up the loops' tallies, second by second, and writes them where the lab reads them. */
final class Reporter {
    final Tally total = new Tally();
    private final Job job;
    private final List<Meter> meters;
    private final DataOutputStream out;
    private int mostOpen;

    Reporter(Job job, List<Meter> meters, OutputStream seconds) {
        this.out = new DataOutputStream(new BufferedOutputStream(seconds));
        this.job = job;
        this.meters = meters;
    }

    /** The most connections that were established at once. */
    int mostOpen() {
        return mostOpen;
    }

    /** Runs until every loop has ended. */
    void run(long start) throws IOException, InterruptedException {
        List<Meter> going = new ArrayList<>(meters);
        Tally second = new Tally();
        out.writeLong(job.wallMillis(start));
        out.flush();
        while (!going.isEmpty()) {
            second.clear();
            collect(going, second);
            mostOpen = Math.max(mostOpen, second.mostOpen);
            total.add(second);
            Second.of(second, job.wallMillis(second.nanos)).write(out);
        }
    }

    private static void collect(List<Meter> going, Tally second) throws InterruptedException {
        for (Meter meter : List.copyOf(going)) {
            Tally tally = meter.done.take();
            second.add(tally);
            if (tally.last) {
                going.remove(meter);
            } else {
                tally.clear();
                meter.spare.add(tally);
            }
        }
    }
}
