package dev.headroom.lab.verdict;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Alterations of recordings that concern several of their files at once, so that what is left is again a run that could have been. */
final class Alter {
    /** A figure of a pod at a moment. */
    interface OfPod {
        double at(double seconds, String pod);
    }

    static final String FIRST = "pod-a";
    static final double REQUEST = 0.25;
    static final double LIMIT = 0.5;

    private Alter() {}

    /** As if only these pods had ever been: no rise of the replicas, and a maximum of its own. */
    static Recording staysAt(Recording run, int max, List<String> pods) {
        int n = pods.size();
        run.samples((at, sample) -> {
            dropOthers((ArrayNode) sample.path("pods"), "pod", pods);
            Recording.object(sample, "replicas")
                    .put("desired", n)
                    .put("current", n)
                    .put("ready", n);
        });
        run.remove(l ->
                Recording.changesOf("Pod").test(l) && !pods.contains(l.path("name").asString()));
        run.remove(l ->
                Recording.changesOf("Event").test(l)
                        && !l.path("object").path("reason").asString().equals("Unhealthy"));
        run.each(
                Recording.ofKind("metrics"),
                (at, line) -> {
                    ArrayNode items = (ArrayNode) line.path("items");
                    for (int i = items.size() - 1; i >= 0; i--) {
                        if (!pods.contains(
                                items.path(i).path("metadata").path("name").asString())) {
                            items.remove(i);
                        }
                    }
                });
        run.objects(
                "Deployment",
                (at, object) -> {
                    Recording.object(object, "spec").put("replicas", n);
                    Recording.object(object, "status").put("replicas", n).put("readyReplicas", n);
                });
        return maximum(run, max).hpa((at, hpa) -> decided(hpa, n, n));
    }

    private static void dropOthers(ArrayNode items, String field, List<String> keep) {
        for (int i = items.size() - 1; i >= 0; i--) {
            if (!keep.contains(items.path(i).path(field).asString())) {
                items.remove(i);
            }
        }
    }

    private static void decided(ObjectNode hpa, int current, int desired) {
        Recording.object(hpa, "status")
                .put("currentReplicas", current)
                .put("desiredReplicas", desired);
    }

    static Recording maximum(Recording run, int max) {
        Recording.object(run.deployment(), "target", "autoscaler").put("maxReplicas", max);
        return run.hpa((at, hpa) -> Recording.object(hpa, "spec").put("maxReplicas", max));
    }

    /**
     * What the autoscaler sees of each pod's CPU under load, per cent of its request, and what it says to that. It changes nothing: for runs whose replicas
     * stand.
     */
    static Recording utilization(Recording run, DoubleUnaryOperator percent) {
        run.each(
                Recording.ofKind("metrics"),
                (at, line) -> {
                    if (at > 0) {
                        line.path("items").forEach(i -> use(i, percent.applyAsDouble(at)));
                    }
                });
        return run.hpa((at, hpa) -> {
            if (at > 0) {
                says(hpa, percent.applyAsDouble(at - 4));
            }
        });
    }

    private static void use(JsonNode item, double percent) {
        Recording.object(item.path("containers").path(0), "usage")
                .put("cpu", Math.round(percent / 100 * REQUEST * 1e9) + "n");
    }

    /** Its status at this utilization, with a target of 50 %. */
    static void says(ObjectNode hpa, double percent) {
        int current = hpa.path("status").path("currentReplicas").asInt();
        int max = hpa.path("spec").path("maxReplicas").asInt();
        double ratio = percent / target(hpa);
        int asked = Math.abs(ratio - 1) <= 0.1 ? current : (int) Math.ceil(ratio * current);
        ObjectNode metric = Recording.object(hpa, "status").putArray("currentMetrics").addObject();
        metric.put("type", "Resource")
                .putObject("resource")
                .put("name", "cpu")
                .putObject("current")
                .put("averageUtilization", (int) percent)
                .put("averageValue", Math.round(percent / 100 * REQUEST * 1000) + "m");
        condition(hpa, "ScalingActive", "True", "ValidMetricFound", "valid metric found");
        boolean limited = asked > max;
        condition(
                hpa,
                "ScalingLimited",
                limited ? "True" : "False",
                limited ? "TooManyReplicas" : "DesiredWithinRange",
                limited
                        ? "the desired replica count is more than the maximum replica count"
                        : "the desired count is within the acceptable range");
        condition(hpa, "AbleToScale", "True", "ReadyForNewScale", "recommended size matches");
    }

    static int target(JsonNode hpa) {
        return Kube.at(hpa, "spec", "metrics")
                .path(0)
                .path("resource")
                .path("target")
                .path("averageUtilization")
                .asInt();
    }

    static void condition(
            ObjectNode object, String type, String status, String reason, String message) {
        ArrayNode conditions = Recording.object(object, "status").withArray("conditions");
        ObjectNode found = null;
        for (JsonNode condition : conditions) {
            found = condition.path("type").asString().equals(type) ? (ObjectNode) condition : found;
        }
        found = found == null ? conditions.addObject().put("type", type) : found;
        found.put("status", status).put("reason", reason).put("message", message);
    }

    /** What the pods answer, a second, from when the load begins; latencies, counts and the generator's own follow from it. */
    static Recording serve(Recording run, OfPod answers, boolean pinned) {
        Map<String, Double> total = new HashMap<>();
        double[] last = {0};
        double n = run.load().path("plan").path("connections").asDouble();
        run.samples((at, sample) -> {
            double seconds = Math.max(0, Math.min(at, run.end()) - Math.max(0, last[0]));
            last[0] = at;
            double sum = 0;
            for (JsonNode pod : sample.path("pods")) {
                sum += answers.at(at, pod.path("pod").asString());
            }
            for (JsonNode pod : sample.path("pods")) {
                String name = pod.path("pod").asString();
                double rate = answers.at(at, name);
                double answered = total.getOrDefault(name, 0.0) + rate * seconds;
                total.put(name, answered);
                traffic(
                        (ObjectNode) pod,
                        answered,
                        sum == 0 || at < 0 ? 0 : n * rate / sum,
                        pinned ? 0 : Math.max(0, at) * n / 15);
            }
            service(sample, at < 0 ? 0 : n, sum * seconds, sum == 0 ? 0 : n / sum * 1e3);
        });
        double all = total.values().stream().mapToDouble(Math::floor).sum();
        run.load().put("answers", (long) all).put("failed", 0);
        run.each(
                Recording.ofKind("latency"),
                (at, line) -> line.put("count", (long) all).put("mean", n / all * run.end() * 1e3));
        return run;
    }

    private static void traffic(ObjectNode pod, double answers, double open, double opened) {
        pod.remove("own");
        pod.putObject("balancer")
                .put("answers", (long) answers)
                .put("failed", 0)
                .put("open", (int) open)
                .put("connections", (long) (open + opened));
    }

    private static void service(ObjectNode sample, double open, double count, double mean) {
        ObjectNode service = sample.putObject("service");
        service.put("open", (int) open).put("unanswered", 0).put("count", (long) count);
        if (count > 0) {
            service.put("mean", mean).put("p50", mean).put("p90", 1.2 * mean);
            service.put("p99", 1.5 * mean).put("max", 2 * mean);
        }
    }

    /** How much of its limit each pod uses, from when the load begins; full ones are throttled. */
    static Recording cpu(Recording run, OfPod ofLimit) {
        Map<String, Double> total = new HashMap<>();
        Map<String, Double> throttled = new HashMap<>();
        double[] last = {0};
        return run.samples((at, sample) -> {
            double seconds = Math.max(0, at - last[0]);
            last[0] = at;
            for (JsonNode pod : sample.path("pods")) {
                String name = pod.path("pod").asString();
                double part = ofLimit.at(at, name);
                double used = total.getOrDefault(name, 0.0) + part * LIMIT * seconds;
                double held = throttled.getOrDefault(name, 0.0) + (part >= 0.95 ? 10 * seconds : 0);
                total.put(name, used);
                throttled.put(name, held);
                ((ObjectNode) pod)
                        .put("cpuSeconds", used)
                        .put("runQueueSeconds", 0.01 * Math.max(0, at))
                        .put("periods", Math.round(10 * Math.max(0, at)))
                        .put("throttledPeriods", Math.round(held));
            }
        });
    }

    /** The same service under a constant rate that it keeps up with, every answer in so many milliseconds. */
    static Recording constantRate(Recording run, double perSecond, double millis) {
        int seconds = (int) run.end();
        ObjectNode load = run.load();
        Recording.object(load, "plan")
                .put("mode", "CONSTANT_RATE")
                .put("ratePerSecond", perSecond)
                .put("connections", 50);
        Recording.object(load, "connections").put("asked", 50).put("opened", 50);
        Recording.object(load, "generator").put("name", "headroom");
        ArrayNode windows = load.putArray("windows");
        for (int i = 1; i <= seconds; i++) {
            ObjectNode window = windows.addObject();
            window.put("at", run.at(i)).put("due", (long) perSecond);
            window.put("answers", (long) perSecond).put("failed", 0).put("late", 0);
            window.put("open", 50).put("p50", millis).put("p99", millis).put("max", millis);
        }
        ObjectNode latency = load.putObject("latency");
        latency.put("source", "a test").put("counted", (long) (perSecond * seconds));
        latency.put("cutOff", false).put("min", millis).put("mean", millis).put("stdev", 0);
        latency.put("max", millis);
        ObjectNode percentiles = latency.putObject("percentiles");
        for (String p : List.of("p50", "p75", "p90", "p95", "p99", "p99.9")) {
            percentiles.put(p, millis);
        }
        Recording.object(load, "errors").put("timeout", 0);
        Map<Double, Integer> pods = new HashMap<>();
        run.samples((at, sample) -> pods.put(at, sample.path("pods").size()));
        serve(run, (at, pod) -> perSecond / pods.getOrDefault(at, 1), false);
        load.put("answers", (long) (perSecond * seconds));
        return run.samples((at, sample) ->
                Recording.object(sample, "service")
                        .put("mean", millis)
                        .put("p50", millis)
                        .put("p90", millis)
                        .put("p99", millis)
                        .put("max", millis));
    }

    /** Ends the load early: what came later was not seen. */
    static Recording end(Recording run, double seconds, String how) {
        run.remove(l ->
                run.seconds(l) > seconds + 0.5 && !l.path("kind").asString().equals("latency"));
        run.load().put("end", run.at(seconds));
        Recording.object(run.load(), "ended").put("how", how);
        if (!how.equals("COMPLETED")) {
            Recording.object(run.load(), "ended").put("cause", "stopped by SIGINT");
        } else {
            Recording.object(run.load(), "plan").put("durationSeconds", seconds);
        }
        keepUntil((ArrayNode) run.load().path("use"), run.at(seconds));
        keepUntil((ArrayNode) run.load().path("windows"), run.at(seconds));
        return counted(run);
    }

    private static void keepUntil(ArrayNode entries, long end) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.path(i).path("at").asLong() > end) {
                entries.remove(i);
            }
        }
    }

    /** Makes the generator's and the balancer's counts those of the last sample. */
    static Recording counted(Recording run) {
        long[] answers = {0};
        run.samples((at, sample) -> {
            answers[0] = 0;
            sample.path("pods")
                    .forEach(p -> answers[0] += p.path("balancer").path("answers").asLong());
        });
        run.load().put("answers", answers[0]);
        return run.each(Recording.ofKind("latency"), (at, line) -> line.put("count", answers[0]));
    }

    /** As Kubernetes writes it. */
    static String time(Recording run, double seconds) {
        return Instant.ofEpochMilli(run.at(seconds)).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** A pod is ready, or not, from a moment on. */
    static Recording ready(Recording run, String pod, double seconds, boolean ready) {
        run.change(
                seconds,
                "Pod",
                pod,
                (at, object) -> {
                    condition(
                            object,
                            "Ready",
                            ready ? "True" : "False",
                            ready ? "" : "ContainersNotReady",
                            ready ? "" : "containers with unready status: [iris-api]");
                    for (JsonNode c : Kube.at(object, "status", "conditions")) {
                        if (c.path("type").asString().equals("Ready")) {
                            ((ObjectNode) c).put("lastTransitionTime", time(run, at));
                        }
                    }
                });
        return run.samples((at, sample) -> {
            if (at < seconds) {
                return;
            }
            int n = 0;
            for (JsonNode each : sample.path("pods")) {
                if (each.path("pod").asString().equals(pod)) {
                    ((ObjectNode) each).put("ready", ready);
                }
                n += each.path("ready").asBoolean() ? 1 : 0;
            }
            Recording.object(sample, "replicas").put("ready", n);
        });
    }
}
