package dev.headroom.cluster.controller;

import dev.headroom.cluster.controller.ControllerSelection.Name;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
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
     * @param selection which of them; the scheduler, which is none of kube-controller-manager's, always runs
     */
    public static Controllers start(
            Function<String, Objects> clients,
            InstantSource clock,
            Duration syncPeriod,
            ControllerSelection selection)
            throws InterruptedException {
        Objects objects = clients.apply("kube-controller-manager");
        List<Controller> running = new ArrayList<>();
        if (selection.runs(Name.NAMESPACE)) {
            running.add(new NamespaceController(objects));
        }
        if (selection.runs(Name.NODE_LIFECYCLE)) {
            running.add(new NodeTaintController(objects, clock));
        }
        running.add(new Scheduler(clients.apply("kube-scheduler"), clock));
        if (selection.runs(Name.REPLICA_SET)) {
            running.add(new ReplicaSetController(objects, clock));
        }
        if (selection.runs(Name.DEPLOYMENT)) {
            running.add(new DeploymentController(objects, clock));
        }
        List<ResourceType> endpoints = new ArrayList<>();
        if (selection.runs(Name.ENDPOINT_SLICE)) {
            endpoints.add(ResourceType.ENDPOINT_SLICE);
        }
        if (selection.runs(Name.ENDPOINTS)) {
            endpoints.add(ResourceType.ENDPOINTS);
        }
        if (!endpoints.isEmpty()) {
            running.add(new EndpointsController(objects, endpoints));
        }
        if (selection.runs(Name.HORIZONTAL_POD_AUTOSCALER)) {
            running.add(new HorizontalController(objects, clock, syncPeriod));
        }
        if (selection.runs(Name.GARBAGE_COLLECTOR)) {
            running.add(new GarbageCollector(objects));
        }
        return new Controllers(List.copyOf(running));
    }

    @Override
    public void close() {
        running.forEach(Controller::close);
    }
}
