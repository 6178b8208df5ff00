package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.ExperimentReader;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Sequence;
import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the first four stages left: all that the judge may know.
 *
 * @param load null where none was sent, or the run failed before it was measured
 */
record RunData(
        Experiment experiment,
        DeploymentRecord deployment,
        @Nullable LoadRecord load,
        List<Observation> observations) {

    /** As {@link #readUnfinished}; a load that was completed was observed to its end, one that was stopped may have been for want of that. */
    static RunData read(RunDirectory directory) throws DamagedRunException, ExperimentException {
        RunData data = readUnfinished(directory);
        LoadRecord load = data.load();
        if (load != null
                && load.ended().how() == LoadRecord.Ended.How.COMPLETED
                && data.observations().stream().noneMatch(ENDED)) {
            throw new DamagedRunException(
                    directory.path(RunFile.OBSERVATIONS),
                    data.observations().size(),
                    "ends before the load did: no mark load-end is among its lines");
        }
        return data;
    }

    /** What there is of a run, also of one that failed. */
    static RunData readUnfinished(RunDirectory directory)
            throws DamagedRunException, ExperimentException {
        if (!Files.exists(directory.path(RunFile.EXPERIMENT))) {
            throw new DamagedRunException(directory.path(RunFile.EXPERIMENT), 0, "is missing");
        }
        Experiment experiment = ExperimentReader.readResolved(directory.path(RunFile.EXPERIMENT));
        DeploymentRecord deployment =
                directory.read(RunFile.DEPLOYMENT, DeploymentRecord.class, DeploymentRecord.SCHEMA);
        List<Observation> observations =
                directory.readLines(RunFile.OBSERVATIONS, Observation.class);
        Sequence.Misplaced misplaced = Sequence.in(observations);
        if (misplaced != null) {
            throw new DamagedRunException(
                    directory.path(RunFile.OBSERVATIONS), misplaced.line(), misplaced.words());
        }
        boolean loaded = directory.has(RunFile.LOAD) || observations.stream().anyMatch(ENDED);
        return new RunData(
                experiment,
                deployment,
                loaded ? directory.read(RunFile.LOAD, LoadRecord.class, LoadRecord.SCHEMA) : null,
                observations);
    }

    /** Only a run whose load came to its end has a record of it; a run may have failed before. */
    private static final Predicate<Observation> ENDED =
            o -> o instanceof Observation.Mark mark && mark.what().equals("load-end");
}
