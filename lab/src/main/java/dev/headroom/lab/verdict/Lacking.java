package dev.headroom.lab.verdict;

/** What could not be observed. */
final class Lacking {
    private Lacking() {}

    /** Whether objects of this kind were not seen at all. */
    static boolean watch(Run run, String kind) {
        return switch (kind) {
            case "HorizontalPodAutoscaler" -> {
                var autoscaler = run.autoscaler();
                yield autoscaler != null
                        && run.timeline().history(kind, autoscaler.name()).isEmpty();
            }
            case "Pod" ->
                    run.timeline().pods().stream()
                            .allMatch(p -> run.timeline().history("Pod", p).isEmpty());
            default ->
                    run.timeline()
                            .history(
                                    run.deployment().target().kind(),
                                    run.deployment().target().name())
                            .isEmpty();
        };
    }

    static String answers() {
        return "answers per pod: neither the balancer nor the pods tell them";
    }

    static String wayIn() {
        return "a way in that reaches more than one pod: the load came through a port-forward, which leads to one";
    }

    static String saturation() {
        return "CPU per pod over its limit, for a phase of "
                + Text.seconds(Constants.PHASE_MILLIS / 1e3);
    }

    static String thresholds(Run run) {
        return run.harm().unknown().isEmpty()
                ? "latencies or failures by window"
                : "the value of " + Text.list(run.harm().unknown());
    }
}
