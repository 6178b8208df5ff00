package dev.headroom.lab.cli;

import dev.headroom.cluster.EmbeddedCluster;
import dev.headroom.cluster.controller.ControllerSelection;
import dev.headroom.cluster.image.ImageEntry;
import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.run.StageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The embedded cluster, a new one for each experiment. The only class of the lab that knows it, to start and to stop it. */
final class EmbeddedPlace implements Place {
    static final String ALL_CONTROLLERS = "*";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Settings settings;
    private final ControllerSelection controllers;
    private final Terminal terminal;
    private final AtomicReference<@Nullable EmbeddedCluster> running = new AtomicReference<>();

    /**
     * How it is started.
     *
     * @param cpuScale null chooses one by what the machine can give
     * @param syncPeriod of the autoscaler; 15 s but for tests
     * @param metricsWindow of the metrics server; 15 s but for tests
     * @param controllers which of the cluster's controllers run, in kube-controller-manager's notation
     */
    record Settings(
            Path home,
            @Nullable Double cpuScale,
            HostLook host,
            Duration syncPeriod,
            Duration metricsWindow,
            String controllers) {}

    /**
     * Starts nothing yet.
     *
     * @throws IllegalArgumentException where there is no controller of a name in the settings
     */
    EmbeddedPlace(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.controllers = ControllerSelection.parse(settings.controllers());
        this.terminal = terminal;
    }

    @Override
    public Site open(Experiment experiment, Manifests manifests)
            throws StageException, InterruptedException {
        HostShare share = HostShare.join();
        boolean opened = false;
        try {
            Site site = open(experiment, manifests, share);
            opened = true;
            return site;
        } finally {
            if (!opened) {
                share.close();
            }
        }
    }

    private Site open(Experiment experiment, Manifests manifests, HostShare share)
            throws StageException, InterruptedException {
        CpuScale.Wanted wanted = Wanting.of(experiment, manifests);
        Double asked = settings.cpuScale();
        CpuScale scale =
                asked != null
                        ? new CpuScale(asked, "--cpu-scale")
                        : chosen(experiment, wanted, share);
        share.reserve(scale.reservation(wanted));
        terminal.line(
                experiment.name()
                        + ": one CPU of the node is "
                        + scale.scale()
                        + " host CPUs: "
                        + scale.why());
        Map<String, ImageEntry> images = new LinkedHashMap<>();
        experiment
                .images()
                .forEach((name, image) ->
                        images.put(
                                name,
                                new ImageEntry(image.command(), image.directory(), image.env())));
        Experiment.Pods pods = experiment.pods();
        if (pods != null) {
            images.putIfAbsent(pods.image(), itself());
        }
        EmbeddedCluster cluster = start(scale.scale(), images, EmbeddedCluster.Nodes.ONE);
        List<Setting> known =
                List.of(
                        new Setting("cpuScale", String.valueOf(scale.scale()), scale.why()),
                        new Setting("cpuLimits", cluster.limitMechanism(), "the node"),
                        seconds("syncPeriodSeconds", settings.syncPeriod()),
                        seconds("metricsWindowSeconds", settings.metricsWindow()),
                        new Setting(
                                "hostCpus",
                                String.valueOf(settings.host().cpus()),
                                "this machine"));
        boolean connected = false;
        try {
            Site site =
                    new EmbeddedSite(cluster, Cluster.embedded(cluster.kubeconfig()), known, share);
            connected = true;
            return site;
        } finally {
            if (!connected) {
                end(cluster);
            }
        }
    }

    /** What Headroom's image stands for: this very program. */
    private static ImageEntry itself() {
        return new ImageEntry(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()),
                Path.of("").toAbsolutePath(),
                Map.of());
    }

    /** By what the host can give; one that others keep full is given a minute to come free. */
    private CpuScale chosen(Experiment experiment, CpuScale.Wanted wanted, HostShare share)
            throws StageException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (boolean said = false; ; said = true) {
            CpuScale.Host host = settings.host().look(share);
            if (CpuScale.fits(host, wanted)) {
                return CpuScale.of(host, wanted);
            }
            String why = CpuScale.why(host, wanted);
            if (System.nanoTime() - end >= 0) {
                throw new StageException(
                        "deploy",
                        "this host is too busy for a run that could be believed: "
                                + why
                                + "; end what else runs here, or say with --cpu-scale what to try all the same",
                        null);
            }
            if (!said) {
                terminal.line(experiment.name() + ": waiting for the host to come free: " + why);
            }
        }
    }

    /**
     * A cluster without an experiment.
     *
     * @param nodeCpu node CPUs of each node; null for an equal part of the machine
     * @param nodeMemory in MiB, of each node; null for an equal part of the machine
     */
    Path startAlone(double cpuScale, int nodes, @Nullable Double nodeCpu, @Nullable Long nodeMemory)
            throws StageException, InterruptedException {
        Long bytes = nodeMemory == null ? null : Long.valueOf(nodeMemory << 20);
        Map<String, ImageEntry> images = Map.of(Experiment.Pods.ownImage(), itself());
        return start(cpuScale, images, new EmbeddedCluster.Nodes(nodes, nodeCpu, bytes))
                .kubeconfig();
    }

    private EmbeddedCluster start(
            double cpuScale, Map<String, ImageEntry> images, EmbeddedCluster.Nodes nodes)
            throws StageException, InterruptedException {
        try {
            EmbeddedCluster cluster =
                    EmbeddedCluster.start(
                            new EmbeddedCluster.Options(
                                    settings.home(),
                                    cpuScale,
                                    images,
                                    settings.syncPeriod(),
                                    settings.metricsWindow(),
                                    controllers,
                                    nodes));
            running.set(cluster);
            return cluster;
        } catch (IOException e) {
            // A file or socket that was being opened by a thread that is interrupted is closed
            // under it: that is a wish to stop, and no failure.
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped while the embedded cluster started");
            }
            throw new StageException(
                    "deploy", "the embedded cluster can't be started: " + e.getMessage(), e);
        }
    }

    private static Setting seconds(String name, Duration duration) {
        boolean normal = duration.equals(EmbeddedCluster.Options.PERIOD);
        double seconds = duration.toMillis() / 1e3;
        return new Setting(
                name,
                seconds == Math.rint(seconds)
                        ? String.valueOf((long) seconds)
                        : String.valueOf(seconds),
                normal ? "Kubernetes' default" : "the command line, for tests only");
    }

    /** One who comes while it is being closed waits until it is: who ends the program next must not leave half of it. */
    private synchronized void end(EmbeddedCluster cluster) {
        if (running.compareAndSet(cluster, null)) {
            cluster.close();
        }
    }

    @Override
    public void force() {
        synchronized (this) {
            EmbeddedCluster cluster = running.get();
            if (cluster != null) {
                end(cluster);
            }
        }
    }

    private final class EmbeddedSite implements Site {
        private final EmbeddedCluster embedded;
        private final Cluster cluster;
        private final List<Setting> known;
        private final HostShare share;

        EmbeddedSite(
                EmbeddedCluster embedded, Cluster cluster, List<Setting> known, HostShare share) {
            this.embedded = embedded;
            this.cluster = cluster;
            this.known = known;
            this.share = share;
        }

        @Override
        public Cluster cluster() {
            return cluster;
        }

        @Override
        public List<Setting> settings() {
            return known;
        }

        @Override
        public boolean passing() {
            return true;
        }

        @Override
        public void close() {
            cluster.close();
            end(embedded);
            share.close();
        }
    }
}
