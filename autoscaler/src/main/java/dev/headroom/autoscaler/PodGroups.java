package dev.headroom.autoscaler;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pods by what their samples are worth (section 4.4).
 *
 * @param ready how many count
 * @param samples of all pods but those unready and ignored; also of pods that are not there
 */
record PodGroups(
        int ready,
        Set<String> unready,
        Set<String> missing,
        Set<String> ignored,
        Map<String, Long> samples) {

    /** A pod's sample: how much, and when it was taken. */
    record Sampled(long value, long timestamp, long windowMicros) {}

    static PodGroups of(
            List<Pod> pods,
            Map<String, Sampled> sampled,
            String resource,
            Settings settings,
            long now) {
        int ready = 0;
        Set<String> unready = new LinkedHashSet<>();
        Set<String> missing = new LinkedHashSet<>();
        Set<String> ignored = new LinkedHashSet<>();
        for (Pod pod : pods) {
            if (pod.deleted() || pod.phase().equals("Failed") || pod.phase().equals("Succeeded")) {
                ignored.add(pod.name());
                continue;
            }
            if (pod.phase().equals("Pending")) {
                unready.add(pod.name());
                continue;
            }
            Sampled sample = sampled.get(pod.name());
            if (sample == null) {
                missing.add(pod.name());
            } else if (resource.equals("cpu") && isUnready(pod, sample, settings, now)) {
                unready.add(pod.name());
            } else {
                ready++;
            }
        }
        Map<String, Long> samples = new LinkedHashMap<>();
        sampled.forEach((name, sample) -> {
            if (!unready.contains(name) && !ignored.contains(name)) {
                samples.put(name, sample.value());
            }
        });
        return new PodGroups(ready, unready, missing, ignored, samples);
    }

    private static boolean isUnready(Pod pod, Sampled sample, Settings settings, long now) {
        Long start = pod.startTime();
        if (pod.ready() == null || start == null) {
            return true;
        }
        boolean notReady = pod.ready().equals("False");
        if (start + settings.cpuInitializationMicros() > now) {
            // The sample must have begun after the pod became ready.
            return notReady || sample.timestamp() < pod.readyTransition() + sample.windowMicros();
        }
        // Unready since soon after its start: it has never been ready.
        return notReady && start + settings.initialReadinessMicros() > pod.readyTransition();
    }
}
