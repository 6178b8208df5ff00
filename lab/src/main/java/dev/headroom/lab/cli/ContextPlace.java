package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.run.StageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A Kubernetes of one's own, by kubeconfig and context; nulls as kubectl takes them. */
record ContextPlace(
        @Nullable Path kubeconfig,
        @Nullable String context,
        @Nullable String namespace,
        @Nullable String yesOn)
        implements Place {

    @Override
    public Site open(Experiment experiment, Manifests manifests) throws StageException {
        return new ContextSite(Cluster.context(kubeconfig, context, namespace));
    }

    /** Reads the access data and the manifests only; the cluster is asked nothing yet. */
    @Override
    public void check(List<Experiment> experiments) throws Usage.WrongUsage, ExperimentException {
        try (Cluster cluster = Cluster.context(kubeconfig, context, namespace)) {
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
                namespace != null,
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
