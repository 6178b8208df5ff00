package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.Quantity;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.experiment.Manifests;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** How much CPU an experiment's pods may want together, read from its manifests. */
final class Wanting {
    /** For a container without a CPU limit: what one busy thread uses. */
    private static final double WITHOUT_LIMIT = 1;

    /** Requests a second that cost no one much: a tenth of a CPU at the most, seen at 15,000. */
    private static final double FEW = 1_000;

    private Wanting() {}

    static CpuScale.Wanted of(Experiment experiment, Manifests manifests) {
        Optional<Manifest> workload =
                manifests.service(experiment.target().service()).flatMap(manifests::workload);
        if (workload.isEmpty()) {
            return new CpuScale.Wanted(1, WITHOUT_LIMIT, CpuScale.COST);
        }
        JsonNode spec = workload.get().object().path("spec");
        int pods = Math.max(1, spec.path("replicas").asInt(1));
        Optional<Manifest> autoscaler = manifests.autoscaler(workload.get());
        if (autoscaler.isPresent()) {
            Experiment.Autoscaler bounds = experiment.autoscaler();
            Integer max = bounds == null ? null : bounds.maxReplicas();
            pods =
                    max != null
                            ? max
                            : autoscaler
                                    .get()
                                    .object()
                                    .path("spec")
                                    .path("maxReplicas")
                                    .asInt(pods);
        }
        double limit = 0;
        for (JsonNode container : spec.path("template").path("spec").path("containers")) {
            limit += limit(container);
        }
        return new CpuScale.Wanted(pods, limit, cost(experiment));
    }

    /** Only the shipped service has requests so small that what goes with the pods costs more than they do, and only as many of them as it can take. */
    private static double cost(Experiment experiment) {
        boolean few = experiment.load() instanceof Experiment.Rate rate && rate.perSecond() <= FEW;
        return experiment.images().isEmpty() && !few
                ? CpuScale.COST_OF_SMALL_REQUESTS
                : CpuScale.COST;
    }

    private static double limit(JsonNode container) {
        try {
            Double limit = Quantity.number(container.path("resources").path("limits").path("cpu"));
            return limit == null ? WITHOUT_LIMIT : limit;
        } catch (IllegalArgumentException wrong) {
            // The API server will say so in its own words.
            return WITHOUT_LIMIT;
        }
    }
}
