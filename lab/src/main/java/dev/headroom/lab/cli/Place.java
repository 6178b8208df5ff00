package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.run.StageException;
import java.util.List;

/** Where experiments run. */
interface Place {
    /** A cluster that is ready for an experiment. */
    Site open(Experiment experiment, Manifests manifests)
            throws StageException, InterruptedException;

    /** Whether it can be found at all, and may be used for these; said before anything is started. */
    default void check(List<Experiment> experiments) throws Usage.WrongUsage, ExperimentException {}

    /** Ends at once, as far as can be, what must not outlive the program. */
    default void force() {}

    /**
     * An open cluster.
     *
     * @param settings what is known of it before anything is deployed
     */
    interface Site extends AutoCloseable {
        Cluster cluster();

        List<Setting> settings();

        /** Whether it goes away with all that is in it when it is closed. */
        boolean passing();

        @Override
        void close() throws StageException;
    }
}
