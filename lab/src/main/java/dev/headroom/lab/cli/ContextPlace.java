package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.run.StageException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes of one's own.
 *
 * @param namespaceGiven whether the command line names the namespace
 * @param yesOn the context on which everything is meant; null where none was named
 */
record ContextPlace(Access access, boolean namespaceGiven, @Nullable String yesOn)
        implements Place {

    /** By kubeconfig and context, or by a pod's service account. */
    interface Access {
        /** Reads the access data; the cluster is asked nothing yet. */
        Cluster open() throws StageException;
    }

    @Override
    public Site open(Experiment experiment, Manifests manifests) throws StageException {
        return new ContextSite(access.open());
    }

    /** Reads the access data and the manifests only; the cluster is asked nothing yet. */
    @Override
    public void check(List<Experiment> experiments) throws Usage.WrongUsage, ExperimentException {
        try (Cluster cluster = access.open()) {
            for (Experiment experiment : experiments) {
                Manifests manifests = Manifests.read(experiment.manifests());
                String objection = consent(cluster, manifests).objection(yesOn);
                if (objection != null) {
                    throw new Usage.WrongUsage(experiment.name() + ": " + objection);
                }
            }
        } catch (StageException e) {
            throw new Usage.WrongUsage(String.valueOf(e.getMessage()));
        }
    }

    private Consent consent(Cluster cluster, Manifests manifests) {
        Set<String> named = new TreeSet<>();
        boolean unnamed = false;
        for (Manifest manifest : manifests.all()) {
            String own = manifest.namespace();
            if (own != null) {
                named.add(own);
            } else {
                unnamed = true;
            }
        }
        String name = cluster.context();
        return new Consent(
                name == null ? cluster.server() : name,
                cluster.namespace(),
                namespaceGiven,
                named,
                unnamed);
    }

    private record ContextSite(Cluster cluster) implements Site {
        @Override
        public List<Setting> settings() {
            return List.of();
        }

        @Override
        public boolean passing() {
            return false;
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
