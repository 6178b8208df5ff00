package dev.headroom.autoscaler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a controller remembers of one autoscaler, in memory only.
 *
 * @param recommendations null where it has never seen it
 */
public record History(
        @Nullable List<Recommendation> recommendations,
        List<ScaleEvent> scaleUps,
        List<ScaleEvent> scaleDowns) {
    public static final History NEVER_SEEN = new History(null, List.of(), List.of());

    /** What was once wanted, before stabilisation. */
    public record Recommendation(int replicas, long at) {}

    /**
     * A change that was made.
     *
     * @param change by how many, absolute
     * @param outdated its place may be used again
     */
    public record ScaleEvent(int change, long at, boolean outdated) {}

    List<Recommendation> known() {
        return recommendations == null ? List.of() : recommendations;
    }

    History withRecommendations(List<Recommendation> other) {
        return new History(List.copyOf(other), scaleUps, scaleDowns);
    }

    /** Changes younger than the period, summed (section 7.2). */
    static int changeWithin(List<ScaleEvent> events, int periodSeconds, long now) {
        long since = now - periodSeconds * Settings.SECOND;
        int sum = 0;
        for (ScaleEvent event : events) {
            if (event.at() > since) {
                sum += event.change();
            }
        }
        return sum;
    }

    /** Stores a change (section 7.5): over the last place that is free, else at the end. */
    static List<ScaleEvent> stored(
            List<ScaleEvent> events, Behavior.Rules rules, int change, long now) {
        int longest =
                rules.known().stream().mapToInt(Behavior.Policy::periodSeconds).max().orElse(0);
        long since = now - longest * Settings.SECOND;
        List<ScaleEvent> result = new ArrayList<>();
        int free = -1;
        for (ScaleEvent event : events) {
            boolean outdated = event.outdated() || event.at() < since;
            if (outdated) {
                free = result.size();
            }
            result.add(new ScaleEvent(event.change(), event.at(), outdated));
        }
        ScaleEvent fresh = new ScaleEvent(change, now, false);
        if (free >= 0) {
            result.set(free, fresh);
        } else {
            result.add(fresh);
        }
        return List.copyOf(result);
    }

    History withChange(Behavior behavior, int before, int after, long now) {
        if (after > before) {
            return new History(
                    recommendations,
                    stored(scaleUps, behavior.scaleUp(), after - before, now),
                    scaleDowns);
        }
        return new History(
                recommendations,
                scaleUps,
                stored(scaleDowns, behavior.scaleDown(), before - after, now));
    }
}
