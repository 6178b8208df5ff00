package dev.headroom.lab.verdict;

import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;

/** A cause as one sentence, with its decisive numbers. */
final class Sentences {
    private Sentences() {}

    static String of(Cause cause) {
        return switch (cause) {
            case Cause.Unsound c -> "The measurement was the limit: " + c.problem() + ".";
            case Cause.UnreadyUnderLoad c -> unready(c);
            case Cause.MetricsMissing c ->
                    c.container() == null
                            ? "The autoscaler had no metrics in "
                                    + c.passes()
                                    + " passes under load: "
                                    + firstLine(c.message())
                                    + "."
                            : "The autoscaler can compute no utilization, since container "
                                    + c.container()
                                    + " has no CPU request.";
            case Cause.Contested c ->
                    c.writer()
                            + " set the replicas from "
                            + c.from()
                            + " to "
                            + c.to()
                            + " under load, against the autoscaler's decision of "
                            + c.decided()
                            + ".";
            case Cause.TargetUnreachable c ->
                    "A pod's CPU can't exceed "
                            + Text.percent(c.limitPercent() / 100)
                            + " of its request, too little for the target of "
                            + c.targetPercent()
                            + " % to ask for more, however full the pods are.";
            case Cause.Missing c -> missing(c);
            case Cause.AtMaximum c ->
                    "At its maximum of "
                            + Text.replicas(c.max())
                            + " the autoscaler asked for "
                            + (c.asked() == null ? "more" : c.asked())
                            + ", and every pod is saturated"
                            + (c.phase().throughput() == null
                                    ? "."
                                    : " at " + Text.rate(c.phase().throughput()) + " in all.");
            case Cause.WithoutGain c -> withoutGain(c);
            case Cause.TooLate c -> tooLate(c);
            case Cause.Scaled c -> scaled(c);
            case Cause.Held c ->
                    Text.replicas(c.replicas())
                            + " carried the load"
                            + (c.passes() == 0
                                    ? ", and there is no autoscaler."
                                    : ": in "
                                            + c.passes()
                                            + " passes the autoscaler asked for "
                                            + (c.asked() == null
                                                    ? "no more."
                                                    : "at most " + c.asked() + "."));
            case Cause.NotScaled c ->
                    "The replicas stayed at "
                            + c.replicas()
                            + (c.asked() == null ? "" : " though " + c.asked() + " were asked for")
                            + ": "
                            + c.why()
                            + ".";
            case Cause.Unclear c -> "Nothing can be said: " + c.why() + ".";
        };
    }

    private static String unready(Cause.UnreadyUnderLoad c) {
        return "Pod "
                + c.pod()
                + " lost its readiness under load, "
                + Text.seconds(c.ageSeconds())
                + " old ("
                + c.probe()
                + "); in "
                + c.passes()
                + " passes the autoscaler left it out and stayed at "
                + Text.replicas(c.replicas())
                + (c.wouldAsk() == null
                        ? "."
                        : ", where it would have asked for " + c.wouldAsk() + ".");
    }

    private static String missing(Cause.Missing c) {
        String reason = c.reason() + (c.message().isBlank() ? "" : ": " + firstLine(c.message()));
        return c.beforeLoad()
                ? "The target did not become ready within "
                        + Text.seconds(c.seconds())
                        + ", so no load was sent: "
                        + c.object()
                        + " "
                        + reason
                        + "."
                : "Fewer pods were ready than wanted for "
                        + Text.seconds(c.seconds())
                        + " under load: "
                        + c.object()
                        + " "
                        + reason
                        + ".";
    }

    private static String firstLine(String text) {
        String line = text.strip().lines().findFirst().orElse("");
        String cut = line.length() > 200 ? line.substring(0, 200) + "…" : line;
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }

    private static String withoutGain(Cause.WithoutGain c) {
        Gain gain = c.gain();
        Double ratio = gain.ratio();
        Double needed = gain.needed();
        String grown;
        if (Boolean.TRUE.equals(gain.enough())) {
            grown =
                    ratio == null
                            ? "the new pods have little part in the answers"
                            : "that throughput is "
                                    + Text.number(ratio)
                                    + " times what it was is not the new pods' work";
        } else {
            grown =
                    ratio == null || needed == null
                            ? "the service is still outside what was asked"
                            : "throughput is "
                                    + Text.number(ratio)
                                    + " times what it was ("
                                    + Text.number(needed)
                                    + " would be enough)";
        }
        return "It scaled to "
                + Text.counted(gain.to(), "pod", "pods")
                + ", but "
                + grown
                + ": "
                + c.why()
                + ".";
    }

    private static String tooLate(Cause.TooLate c) {
        ReactionStep slowest = c.slowest();
        return "It scaled from "
                + c.from()
                + " to "
                + c.to()
                + ", but too late: "
                + c.why()
                + (slowest == null || slowest.seconds() == null
                        ? "."
                        : "; the slowest step was \""
                                + slowest.name()
                                + "\" with "
                                + Text.seconds(slowest.seconds())
                                + ".");
    }

    private static String scaled(Cause.Scaled c) {
        Gain gain = c.gain();
        Double ratio = gain.ratio();
        String from = gain.before() == null ? "" : "from " + gain.before().size() + " ";
        return "It scaled "
                + from
                + "to "
                + Text.counted(gain.to(), "pod", "pods")
                + (ratio == null
                        ? ", and the thresholds hold"
                        : ", and throughput is " + Text.number(ratio) + " times what it was")
                + (gain.isBeyondThePods()
                        ? " (more than the pods alone can give: each was slower before, as code that is still being compiled)"
                        : "")
                + "; each new pod gives at least "
                + Text.percent(c.leastShare())
                + " of the answers.";
    }
}
