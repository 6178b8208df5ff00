package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ShortestDuration;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run under load, taken apart: all that the rules look at.
 *
 * @param passes of the autoscaler under load
 * @param writes of the target's replicas under load
 * @param rises those of them that are growths
 * @param thresholds as judged over the whole load
 */
record Run(
        Experiment experiment,
        DeploymentRecord deployment,
        LoadRecord load,
        Timeline timeline,
        Place place,
        List<Window> windows,
        List<Phase> phases,
        List<SeenPass> passes,
        List<Rise.Write> writes,
        List<Rise> rises,
        Latencies latencies,
        List<Expectation> thresholds,
        Harm harm) {

    static Run of(
            Experiment experiment,
            DeploymentRecord deployment,
            LoadRecord load,
            Timeline timeline) {
        Place place = Place.of(deployment);
        List<Window> windows = Window.of(load, timeline);
        List<SeenPass> passes = Passes.of(deployment, load, timeline, place);
        List<Rise.Write> writes = Rise.writes(deployment.target(), timeline, load);
        Latencies latencies = Latencies.of(load, timeline);
        List<Expectation> thresholds = Thresholds.judge(experiment, load, timeline, latencies);
        return new Run(
                experiment,
                deployment,
                load,
                timeline,
                place,
                windows,
                Phases.of(load, timeline, windows),
                passes,
                writes,
                Rise.of(writes, passes, load, place),
                latencies,
                thresholds,
                Harm.of(thresholds));
    }

    long start() {
        return load.start();
    }

    long end() {
        return load.end();
    }

    double seconds() {
        return (load.end() - load.start()) / 1e3;
    }

    boolean isClosedLoop() {
        return load.plan().mode() == LoadRecord.Mode.CLOSED;
    }

    DeploymentRecord.@Nullable Autoscaler autoscaler() {
        return deployment.target().autoscaler();
    }

    String hpa() {
        DeploymentRecord.Autoscaler autoscaler = autoscaler();
        return autoscaler == null
                ? "no autoscaler"
                : "HorizontalPodAutoscaler/" + autoscaler.name();
    }

    String workload() {
        return deployment.target().kind() + "/" + deployment.target().name();
    }

    /** Replicas that the target asked for when the load began. */
    int replicasAtStart() {
        int replicas = deployment.target().replicas();
        for (var sample : timeline.samples()) {
            if (sample.at() > load.start()) {
                break;
            }
            int desired = sample.replicas().desired();
            // None before the workload was seen for the first time.
            replicas = desired == 0 ? replicas : desired;
        }
        return replicas;
    }

    /** Whether the load could reach one pod only, however many there were. */
    boolean reachesOnePod() {
        DeploymentRecord.WayIn wayIn = deployment.wayIn();
        return wayIn != null && wayIn.how().equals("port-forward");
    }

    List<Phase> deciding() {
        return phases.stream().filter(Phase::decides).toList();
    }

    /** The growths that the load caused, as far as is known. */
    List<Rise> loadRises() {
        return rises.stream().filter(r -> Boolean.TRUE.equals(r.onLoad())).toList();
    }

    /** The shortest load that can show a scale-out here. */
    ShortestDuration shortest() {
        return new ShortestDuration(
                Duration.ofMillis(place.metricsWindowMillis()),
                Duration.ofMillis(place.syncMillis()),
                Duration.ofMillis(Math.round(deployment.rollout().seconds() * 1000)),
                ShortestDuration.PHASE);
    }

    /** Whether the load was shorter than what a scale-out needs to be seen. */
    boolean isTooShortToScale() {
        return load.end() - load.start() < shortest().total().toMillis();
    }

    /** Whether no pass can have seen a whole window of the load. */
    boolean isTooShortToHold() {
        return load.end() - load.start()
                < place.metricsWindowMillis() + place.syncMillis() + Constants.PHASE_MILLIS;
    }

    /** Seconds since the load began. */
    String since(long at) {
        return Text.seconds((at - load.start()) / 1e3);
    }
}
