package dev.headroom.lab.observe;

import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.deploy.Subject;
import dev.headroom.lab.run.LabClock;
import dev.headroom.lab.run.StageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Watches what is tested from before the load until after it, and writes what it sees line by line.
 *
 * <p>It never stops a run by itself: when the cluster is gone, or the disk full, it says so once to its listener, and whoever runs the stages decides.
 */
public final class Observer implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** They change every 15 s. */
    private static final int SECONDS_BETWEEN_METRICS = 2;

    /** The API is asked for something every two seconds at least. */
    private static final Duration OLD = Duration.ofSeconds(3);

    /** The longest pause of a watch that was lost. */
    private static final Duration WATCH_AGAIN = Cluster.LONGEST_WATCH_PAUSE;

    private static final Duration GONE_AFTER = Duration.ofSeconds(15);

    /** An API server of somebody's own may be started anew, which takes it half a minute; the load goes on meanwhile. */
    private static final Duration OWN_GONE_AFTER = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final ObservationLog log;
    private final Watches watches;
    private final Sampler sampler;
    private final Gaps gaps;
    private final Runnable onFailure;
    private final Thread ticker;
    private final AtomicReference<@Nullable Snapshot> latest = new AtomicReference<>();
    private volatile boolean stopped;
    private long trusted = System.nanoTime();
    private volatile @Nullable StageException failure;
    private @Nullable BalancerMetrics atStart;
    private long loadStart;

    private Observer(Cluster cluster, Subject subject, ObservationLog log, Runnable onFailure) {
        this.cluster = cluster;
        this.log = log;
        this.onFailure = onFailure;
        this.gaps = new Gaps(log::add);
        this.watches = Watches.start(cluster, subject, log::add);
        this.sampler = new Sampler(cluster, subject, watches, gaps, HostProbe.open());
        this.ticker = Thread.ofVirtual().name("observer").unstarted(this::run);
    }

    /**
     * Begins to watch.
     *
     * @param onFailure called once, from another thread, when nothing more can be observed
     */
    public static Observer start(Cluster cluster, Subject subject, Path file, Runnable onFailure)
            throws StageException {
        Observer observer = new Observer(cluster, subject, ObservationLog.create(file), onFailure);
        observer.mark("observing", subject.workloadKind() + "/" + subject.workload());
        observer.ticker.start();
        return observer;
    }

    /** Notes the place's settings. */
    public void settings(List<Setting> settings) {
        long at = LabClock.system().millis();
        settings.forEach(
                s -> log.add(new Observation.Setting(at, s.name(), s.value(), s.source())));
    }

    public void mark(String what, String detail) {
        log.add(new Observation.Mark(LabClock.system().millis(), what, detail));
    }

    /** The load begins now. */
    public void loadStarts(String detail) throws InterruptedException {
        sampler.askAllNext();
        atStart = sampler.balancer();
        loadStart = LabClock.system().millis();
        mark("load-start", detail);
    }

    /** The load has ended; notes the service's latencies over the whole of it, where the balancer tells them. */
    public void loadEnded(String detail) throws InterruptedException {
        long end = LabClock.system().millis();
        mark("load-end", detail);
        sampler.askAllNext();
        BalancerMetrics atEnd = sampler.balancer();
        if (atStart == null || atEnd == null) {
            return;
        }
        Histogram whole = atEnd.latency().since(atStart.latency());
        if (whole.count() == 0) {
            return;
        }
        Map<String, Double> percentiles = new TreeMap<>();
        for (double p : new double[] {50, 75, 90, 95, 99, 99.9}) {
            Double value = whole.quantileMillis(p / 100);
            if (value != null) {
                percentiles.put(
                        "p" + (p % 1 == 0 ? String.valueOf((int) p) : String.valueOf(p)), value);
            }
        }
        Double mean = whole.meanMillis();
        log.add(
                new Observation.ServiceLatency(
                        LabClock.system().millis(),
                        loadStart,
                        end,
                        whole.count(),
                        mean == null ? 0 : mean,
                        percentiles,
                        whole.boundsMillis(),
                        whole.counts()));
    }

    /** Null before the first sample. */
    public @Nullable Snapshot latest() {
        return latest.get();
    }

    /** Throws what made observing impossible, if anything did; a cluster that is silent at the end is not waited for any longer. */
    public void check() throws StageException {
        StageException found = failure;
        if (found == null && sampler.silence().compareTo(GONE_AFTER) > 0) {
            found = gone();
        }
        if (found != null) {
            throw found;
        }
    }

    private StageException gone() {
        return new StageException(
                "observe",
                "the cluster at "
                        + cluster.server()
                        + " has given no answer for "
                        + sampler.silence().toSeconds()
                        + " s",
                null);
    }

    private void run() {
        long next = System.nanoTime();
        Observation.@Nullable Metrics metrics = null;
        Duration goneAfter = cluster.embedded() ? GONE_AFTER : OWN_GONE_AFTER;
        long tick = 0;
        while (!stopped) {
            try {
                Observation.Sample sample = sampler.sample();
                if (tick++ % SECONDS_BETWEEN_METRICS == 0) {
                    metrics = changed(metrics, sampler.metrics());
                }
                if (!isOutage()) {
                    log.add(sample);
                    latest.set(snapshot(sample, metrics));
                }
                log.flush();
                fail(log.failure());
                if (sampler.silence().compareTo(goneAfter) > 0) {
                    fail(gone());
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                fail(new StageException("observe", "an observation could not be taken: " + e, e));
            }
            next += PERIOD.toNanos();
            long wait = next - System.nanoTime();
            if (wait < 0) {
                // Too slow for a second: the next sample is due at the next full one.
                next += (-wait / PERIOD.toNanos()) * PERIOD.toNanos();
            }
            LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
        }
    }

    /**
     * Whether what samples draw on is old: then none is written, since it would tell what was, as if it still were. The embedded cluster is this program's own, and goes away only for good.
     */
    private boolean isOutage() {
        if (cluster.embedded()) {
            return false;
        }
        Duration silence = sampler.silence();
        if (silence.compareTo(OLD) > 0) {
            gaps.begin(
                    Observation.Gap.OUTAGE,
                    "no answer: until the next sample nothing is known of the cluster");
            // A watch that was lost is tried again after a pause, which is not longer than what it
            // has waited so far.
            Duration pause = silence.compareTo(WATCH_AGAIN) < 0 ? silence : WATCH_AGAIN;
            trusted = System.nanoTime() + pause.plus(PERIOD).toNanos();
            return true;
        }
        if (System.nanoTime() - trusted < 0) {
            return true;
        }
        gaps.end(Observation.Gap.OUTAGE);
        return false;
    }

    private void fail(@Nullable StageException problem) {
        if (problem != null && failure == null) {
            failure = problem;
            onFailure.run();
        }
    }

    private Observation.@Nullable Metrics changed(
            Observation.@Nullable Metrics before, Observation.@Nullable Metrics now) {
        if (now == null) {
            return before;
        }
        boolean same =
                before != null
                        && measured(before).equals(measured(now))
                        && Objects.equals(before.error(), now.error());
        if (same) {
            return before;
        }
        log.add(now);
        return now;
    }

    /** All but the metadata, in which metrics-server counts the seconds. */
    private static List<Object> measured(Observation.Metrics metrics) {
        List<Object> measured = new ArrayList<>();
        for (JsonNode item : metrics.items()) {
            measured.add(item.path("metadata").path("name"));
            measured.add(item.path("timestamp"));
            measured.add(item.path("containers"));
        }
        return measured;
    }

    private Snapshot snapshot(Observation.Sample sample, Observation.@Nullable Metrics metrics) {
        Snapshot before = latest.get();
        long since =
                before == null || !before.sample().replicas().equals(sample.replicas())
                        ? sample.at()
                        : before.stillSince();
        return new Snapshot(
                sample,
                before == null ? null : before.sample(),
                since,
                new ArrayList<>(watches.pods().values()),
                watches.autoscaler(),
                metrics);
    }

    /** Ends watching; the file is whole. */
    @Override
    public void close() throws StageException {
        stopped = true;
        ticker.interrupt();
        try {
            ticker.join(Duration.ofSeconds(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watches.close();
        sampler.close();
        log.end(LabClock.system().millis());
        log.close();
    }
}
