package dev.headroom.lab.compare;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.verdict.VerdictRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of two runs, as its directory has it.
 *
 * @param load null where none was sent
 */
public record Side(
        Experiment experiment,
        DeploymentRecord deployment,
        @Nullable LoadRecord load,
        List<Observation> observations,
        VerdictRecord verdict) {
    public Side {
        observations = List.copyOf(observations);
    }
}
