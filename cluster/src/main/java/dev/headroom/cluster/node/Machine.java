package dev.headroom.cluster.node;

import dev.headroom.cluster.image.Catalogue;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/** What the nodes of one machine share: its means to limit and to mount, the addresses of pods, the cluster's folder, the images. */
public final class Machine implements AutoCloseable {
    private static final int FAKE_WORKERS = 2;

    private final StateDirectory state;
    private final Catalogue catalogue;
    private final double cpuScale;
    private final Limits limits;
    private final MountSpace mountSpace;
    private final PodAddresses addresses;
    private final FakeGroups fakeGroups = new FakeGroups();
    private final ExecutorService fakeWorkers =
            Executors.newFixedThreadPool(
                    FAKE_WORKERS, Thread.ofPlatform().daemon().name("fake-pods-", 0).factory());

    /**
     * Finds out what this machine can do.
     *
     * @param podIp the n-th address that a pod may be given, from 1
     * @param podIps how many there are
     * @param cpuScale host CPUs that one node CPU stands for
     */
    public Machine(
            StateDirectory state,
            Map<String, String> environment,
            Catalogue catalogue,
            IntFunction<String> podIp,
            int podIps,
            double cpuScale)
            throws IOException {
        this.state = state;
        this.catalogue = catalogue;
        this.cpuScale = cpuScale;
        this.addresses = new PodAddresses(podIp, podIps);
        this.mountSpace = MountSpace.find(environment);
        this.limits = Limits.find(state, environment);
    }

    /** How CPU limits are enforced here. */
    public String limitMechanism() {
        return limits.mechanism();
    }

    StateDirectory state() {
        return state;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    double cpuScale() {
        return cpuScale;
    }

    Limits limits() {
        return limits;
    }

    MountSpace mountSpace() {
        return mountSpace;
    }

    PodAddresses addresses() {
        return addresses;
    }

    FakeGroups fakeGroups() {
        return fakeGroups;
    }

    ExecutorService fakeWorkers() {
        return fakeWorkers;
    }

    /** Ends what still runs, and removes what the limits needed; after all nodes. */
    @Override
    public void close() {
        state.startNoMore();
        fakeWorkers.shutdownNow();
        Sweep.killProcesses(state.id());
        limits.close();
    }
}
