package dev.headroom.lab.load.cluster;

import dev.headroom.lab.load.Latencies;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.load.LoadRecord.Ended;
import dev.headroom.lab.load.LoadRecord.Use;
import dev.headroom.lab.load.LoadRecord.Window;
import dev.headroom.lab.run.ProgramVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One record of what several pods measured: a pure function. Sums are sums, latencies are from the merged histogram, and each second is the one in which it was for all of them. */
final class Merge {
    private static final int LONGEST_SAID = 32 * 1024;

    private final LoadRecord.Plan plan;
    private final List<Part> parts;
    private final List<LoadRecord> records;
    private final long start;

    /**
     * What one pod measured.
     *
     * @param node on which it ran
     * @param cpuLimit of its container, in CPUs; null where it has none
     */
    record Part(String pod, String node, @Nullable Double cpuLimit, LoadRecord record) {
        double cpus() {
            double may = record.generator().cpus();
            return cpuLimit == null ? may : Math.min(may, cpuLimit);
        }
    }

    private Merge(LoadRecord.Plan plan, List<Part> parts) {
        this.plan = plan;
        this.parts = parts;
        this.records = parts.stream().map(Part::record).toList();
        this.start = records.stream().mapToLong(LoadRecord::start).min().orElseThrow();
    }

    /**
     * Merges.
     *
     * @param plan the whole load's
     * @param parts at least one
     * @param missing what became of pods that handed over nothing, in sentences
     * @param cancelled why the load was ended early; null where it was not
     */
    static LoadRecord of(
            LoadRecord.Plan plan,
            List<Part> parts,
            List<String> missing,
            @Nullable String cancelled) {
        return new Merge(plan, parts).record(missing, cancelled);
    }

    /** A load that was ended before any pod had begun. */
    static LoadRecord nothing(LoadRecord.Plan plan, int pods, long now, String cancelled) {
        return new LoadRecord(
                LoadRecord.SCHEMA,
                new LoadRecord.Generator(
                        "headroom",
                        ProgramVersion.text(),
                        List.of(),
                        (double) pods * plan.threads(),
                        0,
                        "",
                        pods + " pods in the cluster, none of which had begun"),
                plan,
                now,
                now,
                new Ended(Ended.How.INTERRUPTED, cancelled),
                new LoadRecord.Connections(plan.connections(), 0, "the load had not begun"),
                0,
                0,
                Map.of(),
                new LoadRecord.Errors(0, 0, 0, 0, 0),
                0,
                null,
                List.of(),
                List.of());
    }

    private LoadRecord record(List<String> missing, @Nullable String cancelled) {
        Map<String, Long> codes = new TreeMap<>();
        records.forEach(r -> r.statusCodes().forEach((code, n) -> codes.merge(code, n, Long::sum)));
        return new LoadRecord(
                LoadRecord.SCHEMA,
                generator(),
                plan,
                start,
                records.stream().mapToLong(LoadRecord::end).max().orElseThrow(),
                ended(missing, cancelled),
                connections(),
                sum(LoadRecord::answers),
                sum(LoadRecord::failed),
                codes,
                new LoadRecord.Errors(
                        sum(r -> r.errors().connect()),
                        sum(r -> r.errors().read()),
                        sum(r -> r.errors().write()),
                        sum(r -> r.errors().status()),
                        sum(r -> r.errors().timeout())),
                sum(LoadRecord::bytes),
                latency(),
                windows(),
                uses());
    }

    private long sum(ToLongFunction<LoadRecord> count) {
        return records.stream().mapToLong(count).sum();
    }

    private LoadRecord.Generator generator() {
        LoadRecord.Generator first = records.getFirst().generator();
        StringBuilder said = new StringBuilder();
        for (Part part : parts) {
            String says = part.record().generator().says().strip();
            if (!says.isEmpty() && said.length() < LONGEST_SAID) {
                said.append(part.pod()).append(": ").append(says).append('\n');
            }
        }
        String where =
                (parts.size() == 1 ? "a pod" : parts.size() + " pods")
                        + " in the cluster: "
                        + String.join(
                                ", ",
                                parts.stream().map(p -> p.pod() + " on " + p.node()).toList());
        long files = 0;
        for (LoadRecord record : records) {
            long limit = record.generator().openFilesLimit();
            files = limit > Long.MAX_VALUE - files ? Long.MAX_VALUE : files + limit;
        }
        return new LoadRecord.Generator(
                first.name(),
                first.version(),
                first.command(),
                parts.stream().mapToDouble(Part::cpus).sum(),
                files,
                said.toString(),
                where);
    }

    private Ended ended(List<String> missing, @Nullable String cancelled) {
        if (cancelled != null) {
            return new Ended(Ended.How.INTERRUPTED, cancelled);
        }
        if (!missing.isEmpty()) {
            return new Ended(Ended.How.FAILED, String.join("; ", missing));
        }
        for (Ended.How how : List.of(Ended.How.FAILED, Ended.How.INTERRUPTED)) {
            for (Part part : parts) {
                Ended ended = part.record().ended();
                if (ended.how() == how) {
                    return new Ended(how, part.pod() + ": " + ended.cause());
                }
            }
        }
        return new Ended(Ended.How.COMPLETED, null);
    }

    private LoadRecord.Connections connections() {
        Integer opened = 0;
        int asked = 0;
        for (LoadRecord record : records) {
            asked += record.connections().asked();
            Integer one = record.connections().opened();
            opened = opened == null || one == null ? null : Integer.valueOf(opened + one);
        }
        String source = records.getFirst().connections().source();
        return new LoadRecord.Connections(
                asked, opened, parts.size() == 1 ? source : source + ", added up over the pods");
    }

    private LoadRecord.@Nullable Latency latency() {
        Histogram all = new Histogram(Latencies.DIGITS);
        String source = "";
        for (LoadRecord record : records) {
            LoadRecord.Latency one = record.latency();
            if (one != null && one.histogram() != null) {
                all.add(Latencies.decoded(one.histogram()));
                source = one.source();
            }
        }
        return Latencies.of(all, source, false);
    }

    private List<Window> windows() {
        Map<Long, List<Window>> bySecond = new TreeMap<>();
        for (LoadRecord record : records) {
            for (Window window : record.windows()) {
                long second = Math.round((window.at() - start) / 1e3);
                bySecond.computeIfAbsent(second, s -> new ArrayList<>()).add(window);
            }
        }
        return bySecond.values().stream().map(Merge::window).toList();
    }

    private static Window window(List<Window> same) {
        return new Window(
                same.stream().mapToLong(Window::at).max().orElseThrow(),
                same.stream().mapToLong(Window::due).sum(),
                same.stream().mapToLong(Window::answers).sum(),
                same.stream().mapToLong(Window::failed).sum(),
                same.stream().mapToLong(Window::late).sum(),
                same.stream().mapToInt(Window::open).sum(),
                highest(same, Window::p50),
                highest(same, Window::p99),
                highest(same, Window::max));
    }

    private static <T> @Nullable Double highest(List<T> all, Function<T, @Nullable Double> value) {
        Double highest = null;
        for (T one : all) {
            Double each = value.apply(one);
            highest = each == null || highest != null && highest >= each ? highest : each;
        }
        return highest;
    }

    /** The looks of all pods at about one time. Each looks at itself once a second, at moments of its own. */
    private List<Use> uses() {
        List<NavigableMap<Long, Use>> byTime = new ArrayList<>();
        NavigableMap<Long, Use> leading = new TreeMap<>();
        for (LoadRecord record : records) {
            NavigableMap<Long, Use> own = new TreeMap<>();
            record.use().forEach(use -> own.put(use.at(), use));
            byTime.add(own);
            leading = own.size() > leading.size() ? own : leading;
        }
        List<Use> uses = new ArrayList<>();
        for (long at : leading.keySet()) {
            uses.add(use(byTime, at));
        }
        return uses;
    }

    private Use use(List<NavigableMap<Long, Use>> byTime, long at) {
        List<Use> near = new ArrayList<>();
        double busiest = 0;
        int files = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            Use use = nearest(byTime.get(i), at);
            if (use != null) {
                near.add(use);
                busiest = Math.max(busiest, use.part(part.cpus()));
                files += use.openFiles() == null ? 0 : use.openFiles();
            }
        }
        boolean filesKnown = near.stream().allMatch(u -> u.openFiles() != null);
        return new Use(
                at,
                near.stream().mapToDouble(Use::cpuCores).sum(),
                highest(near, Use::lagP99Millis),
                filesKnown ? Integer.valueOf(files) : null,
                busiest);
    }

    private static @Nullable Use nearest(NavigableMap<Long, Use> uses, long at) {
        Map.Entry<Long, Use> before = uses.floorEntry(at);
        Map.Entry<Long, Use> after = uses.ceilingEntry(at);
        Map.Entry<Long, Use> nearest =
                before == null || after != null && after.getKey() - at < at - before.getKey()
                        ? after
                        : before;
        return nearest == null || Math.abs(nearest.getKey() - at) > 1000
                ? null
                : nearest.getValue();
    }
}
