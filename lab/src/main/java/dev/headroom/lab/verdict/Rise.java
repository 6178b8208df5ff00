package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.verdict.Timeline.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A growth of the target's {@code spec.replicas} under load.
 *
 * @param onLoad whether it was decided on samples that saw the load; null where that is not known
 * @param writer the field manager that wrote it; empty where the object does not tell
 */
record Rise(long at, int from, int to, @Nullable Boolean onLoad, String writer) {

    /** How long before a write the status of the pass that made it may be seen, over another watch. */
    private static final long SEEN_EARLY_MILLIS = 3000;

    /** A change of {@code spec.replicas} in either direction. */
    record Write(long at, int from, int to, String writer, boolean byScale) {}

    static List<Write> writes(DeploymentRecord.Target target, Timeline timeline, LoadRecord load) {
        List<Write> writes = new ArrayList<>();
        Integer before = null;
        for (State state : timeline.history(target.kind(), target.name())) {
            Integer now = Kube.whole(state.object(), "spec", "replicas");
            if (state.deleted() || now == null) {
                continue;
            }
            if (before != null && !now.equals(before)) {
                JsonNode owner = owner(state.object());
                if (state.at() > load.start() && state.at() <= load.end()) {
                    writes.add(
                            new Write(
                                    state.at(),
                                    before,
                                    now,
                                    owner == null ? "" : Kube.text(owner, "manager"),
                                    owner != null
                                            && Kube.text(owner, "subresource").equals("scale")));
                }
            }
            before = now;
        }
        return writes;
    }

    /** The field manager that last took {@code spec.replicas}; null where none is named. */
    private static @Nullable JsonNode owner(JsonNode object) {
        JsonNode owner = null;
        for (JsonNode entry : Kube.at(object, "metadata", "managedFields")) {
            boolean owns = !Kube.at(entry, "fieldsV1", "f:spec", "f:replicas").isMissingNode();
            if (owns
                    && (owner == null
                            || Kube.text(entry, "time").compareTo(Kube.text(owner, "time")) >= 0)) {
                owner = entry;
            }
        }
        return owner;
    }

    static List<Rise> of(List<Write> writes, List<SeenPass> passes, LoadRecord load, Place place) {
        List<Rise> rises = new ArrayList<>();
        for (Write write : writes) {
            if (write.to() > write.from()) {
                rises.add(
                        new Rise(
                                write.at(),
                                write.from(),
                                write.to(),
                                onLoad(write, passes, load, place),
                                write.writer()));
            }
        }
        return rises;
    }

    /** By the samples of the pass that wrote it, and what they ask for; where these are not known, certain only once a whole window and period have gone by. */
    private static @Nullable Boolean onLoad(
            Write write, List<SeenPass> passes, LoadRecord load, Place place) {
        for (SeenPass pass : passes) {
            long late = pass.at() - write.at();
            boolean near = late >= -SEEN_EARLY_MILLIS && late <= place.syncMillis() / 2;
            if (!near || !pass.isSeen() || pass.desired() != write.to()) {
                continue;
            }
            if (pass.asked() != null && pass.asked() <= write.from() && !pass.isAboveTarget()) {
                // These metrics ask for no more: an earlier recommendation was kept.
                return false;
            }
            if (pass.sampled() != null) {
                return pass.sampled() > load.start();
            }
        }
        long certain = load.start() + place.metricsWindowMillis() + place.syncMillis();
        return write.at() >= certain ? Boolean.TRUE : null;
    }
}
