package dev.headroom.cluster.controller;

import dev.headroom.cluster.objects.Objects;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All controllers of a cluster, each with a client of its own name. */
public final class Controllers implements AutoCloseable {
    private final List<Controller> running;

    private Controllers(List<Controller> running) {
        this.running = running;
    }

    /**
     * Starts them.
     *
     * @param clients gives the API under a component's name
     * @param syncPeriod of the horizontal pod autoscaler
     */
    public static Controllers start(
            Function<String, Objects> clients, InstantSource clock, Duration syncPeriod)
            throws InterruptedException {
        List<Controller> running = new ArrayList<>();
        running.add(new NamespaceController(clients.apply("kube-controller-manager")));
        running.add(new Scheduler(clients.apply("kube-scheduler"), clock));
        running.add(new ReplicaSetController(clients.apply("kube-controller-manager"), clock));
        running.add(new DeploymentController(clients.apply("kube-controller-manager"), clock));
        running.add(new EndpointsController(clients.apply("kube-controller-manager")));
        running.add(
                new HorizontalController(
                        clients.apply("kube-controller-manager"), clock, syncPeriod));
        running.add(new GarbageCollector(clients.apply("kube-controller-manager")));
        return new Controllers(List.copyOf(running));
    }

    @Override
    public void close() {
        running.forEach(Controller::close);
    }
}
