package dev.headroom.lab.compare;

import dev.headroom.lab.compare.Comparison.Change;
import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.deploy.DeploymentRecord.Container;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is not the same in two runs, and what of it makes their figures incomparable. */
final class Changes {
    private static final String NONE = "none";

    private Changes() {}

    static List<Change> of(Side a, Side b) {
        Map<String, String> ofA = facts(a);
        Map<String, String> ofB = facts(b);
        Set<String> names = new LinkedHashSet<>(ofA.keySet());
        names.addAll(ofB.keySet());
        List<Change> changes = new ArrayList<>();
        for (String name : names) {
            String valueA = ofA.getOrDefault(name, NONE);
            String valueB = ofB.getOrDefault(name, NONE);
            if (!valueA.equals(valueB)) {
                changes.add(new Change(name, valueA, valueB));
            }
        }
        return changes;
    }

    /** Figures of two loads that were not the same, or of CPUs of another size, say nothing of the service. */
    static List<String> refusals(Side a, Side b) {
        List<String> refusals = new ArrayList<>();
        refuse(refusals, "first", a);
        refuse(refusals, "second", b);
        if (a.load() == null || b.load() == null) {
            return refusals;
        }
        Map<String, String> ofA = facts(a);
        Map<String, String> ofB = facts(b);
        for (String name : List.of("load", "target", "cpuScale")) {
            String valueA = ofA.getOrDefault(name, NONE);
            String valueB = ofB.getOrDefault(name, NONE);
            if (!valueA.equals(valueB)) {
                refusals.add(
                        name
                                + " is "
                                + valueA
                                + " in the first run and "
                                + valueB
                                + " in the second"
                                + (name.equals("cpuScale")
                                        ? "; run both with the same --cpu-scale"
                                        : ""));
            }
        }
        return refusals;
    }

    private static void refuse(List<String> refusals, String which, Side side) {
        String word = side.verdict().verdict();
        if (word.equals("invalid") || side.load() == null) {
            refusals.add("the " + which + " run is " + word + ": " + side.verdict().sentence());
        }
    }

    private static Map<String, String> facts(Side side) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("verdict", side.verdict().verdict());
        side.verdict()
                .expectations()
                .forEach(e ->
                        facts.put(
                                e.subject() + " " + e.expected(),
                                e.met() == null ? "not judged" : e.met() ? "met" : "not met"));
        LoadRecord load = side.load();
        facts.put("load", load == null ? NONE : plan(load.plan()));
        if (load != null) {
            facts.put("load duration", seconds(load.plan().durationSeconds()));
            facts.put("generator", load.generator().name() + " " + load.generator().version());
        }
        DeploymentRecord deployment = side.deployment();
        facts.put("target", deployment.target().service() + " " + deployment.target().path());
        DeploymentRecord.Autoscaler autoscaler = deployment.target().autoscaler();
        if (autoscaler != null) {
            facts.put("minReplicas", String.valueOf(autoscaler.minReplicas()));
            facts.put("maxReplicas", String.valueOf(autoscaler.maxReplicas()));
            facts.put("CPU target", autoscaler.cpuTargetPercent() + " %");
        }
        for (Container container : deployment.target().containers()) {
            facts.put(
                    "image of " + container.name(),
                    container.imageId() == null || container.imageId().isEmpty()
                            ? container.image()
                            : container.image() + " (" + container.imageId() + ")");
            facts.put("resources of " + container.name(), resources(container));
        }
        facts.put("cluster", deployment.place().kind() + " " + deployment.place().version());
        facts.put("way in", deployment.wayIn() == null ? NONE : deployment.wayIn().how());
        for (Setting setting : deployment.settings()) {
            facts.put(setting.name(), setting.value());
        }
        facts.put("headroom", deployment.program().version());
        facts.put("host CPU", deployment.program().cpuModel());
        facts.put("load to fair share", reaction(side.verdict().reaction()));
        return facts;
    }

    private static String plan(LoadRecord.Plan plan) {
        Double rate = plan.ratePerSecond();
        return plan.mode().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (rate == null ? "" : String.format(Locale.ROOT, " of %.6g/s", rate))
                + " over "
                + plan.connections()
                + " connections"
                + (plan.script() == null ? "" : " by " + plan.script());
    }

    private static String resources(Container container) {
        return "CPU "
                + container.cpuRequestCores()
                + " to "
                + container.cpuLimitCores()
                + ", memory "
                + container.memoryRequest()
                + " to "
                + container.memoryLimit();
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.0f s", seconds);
    }

    /** From the load's begin to the last step that was seen; to whole seconds. */
    private static String reaction(List<ReactionStep> steps) {
        Long first = null;
        Long last = null;
        for (ReactionStep step : steps) {
            @Nullable Long at = step.at();
            first = first == null ? at : first;
            last = at == null ? last : at;
        }
        return first == null || last == null ? NONE : seconds((last - first) / 1e3);
    }
}
