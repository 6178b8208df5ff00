package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.verdict.VerdictRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs of other kinds than the sample: without load, without anything that counts requests, very long. Their pages. */
final class Kinds {
    private static final long START = SampleRun.START;

    private Kinds() {}

    /** The deployment never became ready, so no load was sent. */
    static String neverReady() {
        DeploymentRecord ready = SampleRun.plain().deployment();
        DeploymentRecord.Rollout rollout =
                new DeploymentRecord.Rollout(
                        false,
                        60,
                        1,
                        0,
                        List.of(
                                new DeploymentRecord.Reason(
                                        START - 50_000,
                                        "Pod/iris-api-deployment-x",
                                        "ErrImagePull",
                                        "no such image",
                                        "status.containerStatuses")));
        DeploymentRecord unready =
                new DeploymentRecord(
                        1,
                        START - 60_000,
                        START,
                        ready.place(),
                        ready.applied(),
                        ready.target(),
                        rollout,
                        null,
                        ready.settings(),
                        ready.program());
        List<Observation> observations = new ArrayList<>();
        for (int s = -58; s <= 0; s++) {
            observations.add(
                    new Sample(
                            START + s * 1000L,
                            new Observation.Replicas(1, 1, 0),
                            List.of(),
                            null,
                            null));
        }
        return Report.html(
                SampleRun.plain().experiment(),
                unready,
                null,
                observations,
                verdict("not-ready", "No pod became ready in 60 s: ErrImagePull.", 99));
    }

    /** A real cluster: no balancer of ours, pods that tell nothing, CPU every ten seconds. */
    static String remote() {
        SampleRun run = SampleRun.byWrk();
        DeploymentRecord local = run.deployment();
        DeploymentRecord.Place place =
                new DeploymentRecord.Place(
                        "context", "gke-1", "https://10.0.0.1", "v1.34.2", "default", List.of());
        DeploymentRecord remote =
                new DeploymentRecord(
                        1,
                        local.start(),
                        local.end(),
                        place,
                        local.applied(),
                        local.target(),
                        local.rollout(),
                        local.wayIn(),
                        local.settings(),
                        local.program());
        List<Observation> observations = new ArrayList<>();
        observations.add(
                new Observation.Gap(START - 20_000, "balancer", "a real cluster has none"));
        for (Observation seen : run.observations()) {
            switch (seen) {
                case Sample sample -> observations.add(far(sample));
                case Observation.ServiceLatency latency -> {}
                default -> observations.add(seen);
            }
        }
        return Report.html(
                run.experiment(),
                remote,
                run.load(),
                observations,
                verdict("inconclusive", "Nothing else could be said.", 3));
    }

    private static Sample far(Sample sample) {
        boolean fresh = sample.at() / 1000 % 10 == 0;
        List<PodSample> pods = new ArrayList<>();
        for (PodSample pod : sample.pods()) {
            Double cpu = fresh ? pod.cpuSeconds() : null;
            pods.add(
                    new PodSample(
                            pod.pod(),
                            pod.ready(),
                            cpu,
                            0.5,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null));
        }
        return new Sample(sample.at(), sample.replicas(), pods, sample.host(), null);
    }

    /** The autoscaler never got a metric. */
    static String withoutMetrics() {
        SampleRun run = SampleRun.plain();
        List<Observation> observations = new ArrayList<>();
        for (Observation seen : run.observations()) {
            boolean autoscaler =
                    seen instanceof Observation.Change change
                            && change.objectKind().equals("HorizontalPodAutoscaler");
            if (!autoscaler) {
                observations.add(seen);
            }
        }
        observations.add(run.hpa(1, 1, 0, "False", "FailedGetResourceMetric"));
        return Report.html(
                run.experiment(),
                run.deployment(),
                run.load(),
                observations,
                verdict("metrics-missing", "The autoscaler had no metrics.", 99));
    }

    /** So many hours of load, a sample a second. */
    static String hours(int hours, int pods) {
        SampleRun run = SampleRun.plain();
        int seconds = hours * 3600;
        List<Observation> observations = new ArrayList<>();
        List<LoadRecord.Window> windows = new ArrayList<>();
        List<LoadRecord.Use> use = new ArrayList<>();
        for (int s = -20; s <= seconds; s++) {
            observations.add(sample(s, pods));
            if (s > 0) {
                long at = START + s * 1000L;
                long answers = 40_000L + s % 977;
                windows.add(
                        new LoadRecord.Window(
                                at,
                                answers,
                                answers,
                                s % 3,
                                0,
                                1000,
                                20.0 + s % 9,
                                90.0 + s % 70,
                                200.5));
                use.add(new LoadRecord.Use(at, 0.5 + s % 10 / 100.0, 1.5, 1010));
            }
        }
        for (int i = 0; i < 5000; i++) {
            observations.add(run.event(i * 700L, "Unhealthy", "Readiness probe failed"));
        }
        LoadRecord load = run.load();
        LoadRecord whole =
                new LoadRecord(
                        1,
                        load.generator(),
                        load.plan(),
                        START,
                        START + seconds * 1000L,
                        load.ended(),
                        load.connections(),
                        load.answers(),
                        load.failed(),
                        load.statusCodes(),
                        load.errors(),
                        load.bytes(),
                        load.latency(),
                        windows,
                        use);
        return Report.html(run.experiment(), run.deployment(), whole, observations, run.verdict());
    }

    private static Sample sample(int s, int pods) {
        List<PodSample> all = new ArrayList<>();
        for (int p = 0; p < pods; p++) {
            long answers = Math.max(0, s) * (3000L + p);
            all.add(
                    new PodSample(
                            "iris-api-deployment-7d9c5b6f4-pod" + p,
                            true,
                            (s + 20) * (0.3 + p / 100.0),
                            0.5,
                            1L << 25,
                            (s + 20) * 10L,
                            (s + 20) * 2L,
                            0.0,
                            0.0,
                            null,
                            new Traffic(answers, 0, 80 + p, 1000)));
        }
        return new Sample(
                START + s * 1000L,
                new Observation.Replicas(pods, pods, pods),
                all,
                new Observation.HostSample(2, 100 + s * 1.5, 0, 10 + s * 0.2, null),
                new Observation.ServiceSample(1000, 0, 40_000, 20.0, 19.5, 30.0, 88.0, 120.0));
    }

    static VerdictRecord verdict(String word, String sentence, int exitCode) {
        return new VerdictRecord(
                1,
                "autoscaling",
                word,
                sentence,
                exitCode,
                List.of(),
                List.of(),
                List.of(),
                List.of(new VerdictRecord.Lack("scaled", "3-load.json")),
                List.of(expectation(word)),
                List.of(),
                List.of(),
                List.of());
    }

    private static VerdictRecord.Expectation expectation(@Nullable String found) {
        return new VerdictRecord.Expectation("verdict", "scaled", found, false, null);
    }
}
