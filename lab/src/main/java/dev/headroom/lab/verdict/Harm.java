package dev.headroom.lab.verdict;

import dev.headroom.lab.experiment.Threshold;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the run broke of its experiment's thresholds.
 *
 * @param overall whether a threshold is broken over the whole load; null where one could not be judged and none is known to be broken
 * @param unknown the thresholds that could not be judged
 */
record Harm(@Nullable Boolean overall, List<Evidence> evidence, List<String> unknown) {

    static Harm of(List<Expectation> thresholds) {
        List<Evidence> evidence = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Expectation threshold : thresholds) {
            String name = threshold.subject() + " " + threshold.expected();
            if (threshold.met() == null) {
                unknown.add(name);
            } else if (!threshold.met()) {
                String found = String.valueOf(threshold.found());
                evidence.add(
                        new Evidence(
                                null,
                                "the threshold "
                                        + name
                                        + " is broken over the load: "
                                        + found
                                        + (threshold.note() == null
                                                ? ""
                                                : " (" + threshold.note() + ")"),
                                found,
                                "3-load.json"));
            }
        }
        Boolean overall =
                !evidence.isEmpty() ? Boolean.TRUE : unknown.isEmpty() ? Boolean.FALSE : null;
        return new Harm(overall, evidence, unknown);
    }

    /**
     * Windows outside a threshold.
     *
     * @param done null where so much is unknown that it could be
     * @param evidence null where none was done
     */
    record InWindows(@Nullable Boolean done, @Nullable Evidence evidence) {}

    /** Between two moments; thresholds that one window can't be held to are left to the whole load. */
    static InWindows windows(Run run, long from, long to) {
        Boolean done = false;
        List<Window> within =
                run.windows().stream().filter(w -> w.from() >= from && w.to() <= to).toList();
        for (Threshold threshold : run.experiment().expect().thresholds()) {
            if (!Thresholds.isOfWindows(threshold) || isOutOfReach(run, threshold)) {
                continue;
            }
            List<Window> broken = new ArrayList<>();
            long known = 0;
            for (Window window : within) {
                Boolean holds = Thresholds.holdsIn(window, threshold);
                known += holds == null ? 0 : window.to() - window.from();
                if (Boolean.FALSE.equals(holds)) {
                    broken.add(window);
                }
            }
            if (broken.size() >= Constants.HARM_WINDOWS) {
                return new InWindows(true, evidence(threshold, broken));
            }
            if (to - from - known > (Constants.HARM_WINDOWS + 1) * 1000L) {
                done = null;
            }
        }
        return new InWindows(done, null);
    }

    /** wrk tells nothing by window; where no balancer does either, and that was said, latencies are judged over the whole load only. */
    private static boolean isOutOfReach(Run run, Threshold threshold) {
        return Thresholds.isLatency(threshold)
                && run.load().windows().isEmpty()
                && run.timeline().gaps().stream().anyMatch(g -> g.source().equals("balancer"));
    }

    private static Evidence evidence(Threshold threshold, List<Window> broken) {
        return new Evidence(
                broken.getFirst().to(),
                "after the scale-out was due, "
                        + broken.size()
                        + " windows are outside "
                        + threshold.metric().word()
                        + " "
                        + threshold.expression(),
                broken.size() + " windows",
                "windows of 3-load.json, or service of 4-observations.jsonl");
    }
}
