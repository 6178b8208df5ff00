package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.run.StageException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Kubernetes of one's own, by kubeconfig and context; nulls as kubectl takes them. */
record ContextPlace(@Nullable Path kubeconfig, @Nullable String context, @Nullable String namespace)
        implements Place {

    @Override
    public Site open(Experiment experiment, Manifests manifests) throws StageException {
        return new ContextSite(Cluster.context(kubeconfig, context, namespace));
    }

    /** Reads the access data only; the cluster is asked nothing yet. */
    @Override
    public void check() throws Usage.WrongUsage {
        try {
            Cluster.context(kubeconfig, context, namespace).close();
        } catch (StageException e) {
            throw new Usage.WrongUsage(String.valueOf(e.getMessage()));
        }
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
