package dev.headroom.lab.verdict;

import dev.headroom.lab.verdict.Alter.OfPod;
import java.util.List;

/** Runs that most tests begin with, each a recording altered. */
final class Worlds {
    /** What one full pod answers a second. */
    static final double CAPACITY = 400;

    private static final List<String> ONE = List.of(Alter.FIRST);

    private Worlds() {}

    /** One pod, full, at 200 % of its request, and connections enough to keep it so. */
    static Recording full(int max) {
        Recording run = Alter.staysAt(Recording.autoscaling(), max, ONE);
        Alter.serve(run, (at, pod) -> CAPACITY, false);
        Alter.cpu(run, (at, pod) -> 1);
        return inTime(Alter.utilization(run, at -> 200)).thresholds();
    }

    /** One pod that 100 requests a second keep at 40 % of its request. */
    static Recording calm(int max) {
        Recording run = Alter.staysAt(Recording.autoscaling(), max, ONE);
        Alter.cpu(run, (at, pod) -> 0.2);
        Alter.utilization(run, at -> 40);
        return Alter.constantRate(run, 100, 5).thresholds(Limits.failedBelow(0.001));
    }

    /** One to three pods, each full; the new ones answer from the moment at which they are ready. */
    static Recording scaled() {
        return scaled((at, pod) -> CAPACITY);
    }

    /** The same with other answers. */
    static Recording scaled(OfPod answers) {
        Recording run = Recording.autoscaling();
        Alter.cpu(run, (at, pod) -> isServing(at, pod) ? 1 : 0);
        Alter.serve(run, (at, pod) -> isServing(at, pod) ? answers.at(at, pod) : 0, false);
        return inTime(run);
    }

    /** One to three pods, but all connections stay with the first. */
    static Recording pinned() {
        return pinned((at, pod) -> CAPACITY);
    }

    /** The same with other answers of the first. */
    static Recording pinned(OfPod answers) {
        Recording run = Recording.autoscaling();
        Alter.cpu(run, (at, pod) -> pod.equals(Alter.FIRST) ? 1 : 0.01);
        Alter.serve(run, (at, pod) -> pod.equals(Alter.FIRST) ? answers.at(at, pod) : 0, true);
        return inTime(run).thresholds();
    }

    static boolean isServing(double at, String pod) {
        return pod.equals(Alter.FIRST) || at >= 21.5;
    }

    /** No answer later than wrk's time limit. */
    private static Recording inTime(Recording run) {
        Recording.object(run.load(), "errors").put("timeout", 0);
        Recording.object(run.load(), "latency").put("cutOff", false);
        return run;
    }
}
