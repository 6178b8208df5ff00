package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.ExperimentReader;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the first four stages left: all that the judge may know.
 *
 * @param load null where none was sent: the target never became ready
 */
record RunData(
        Experiment experiment,
        DeploymentRecord deployment,
        @Nullable LoadRecord load,
        List<Observation> observations) {

    static RunData read(RunDirectory directory) throws DamagedRunException, ExperimentException {
        if (!Files.exists(directory.path(RunFile.EXPERIMENT))) {
            throw new DamagedRunException(directory.path(RunFile.EXPERIMENT), 0, "is missing");
        }
        Experiment experiment = ExperimentReader.readResolved(directory.path(RunFile.EXPERIMENT));
        DeploymentRecord deployment =
                directory.read(RunFile.DEPLOYMENT, DeploymentRecord.class, DeploymentRecord.SCHEMA);
        boolean loaded = directory.has(RunFile.LOAD) || deployment.rollout().ready();
        return new RunData(
                experiment,
                deployment,
                loaded ? directory.read(RunFile.LOAD, LoadRecord.class, LoadRecord.SCHEMA) : null,
                directory.readLines(RunFile.OBSERVATIONS, Observation.class));
    }
}
