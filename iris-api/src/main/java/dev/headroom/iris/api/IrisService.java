package dev.headroom.iris.api;

import dev.headroom.iris.api.http.Application;
import dev.headroom.iris.api.http.Method;
import dev.headroom.iris.api.http.Response;
import dev.headroom.iris.api.http.Route;
import dev.headroom.iris.api.http.ServerStatus;
import dev.headroom.iris.api.http.Status;
import dev.headroom.iris.api.model.DecisionTree;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the Iris API serves: predictions of one tree, what a cluster asks of a pod, and what people ask of a service. */
final class IrisService implements Application {
    private static final Response LOADED =
            Response.json(Status.OK, "{\"status\":\"ok\",\"model_status\":\"loaded\"}");
    private static final Response ALIVE = Response.json(Status.OK, "{\"status\":\"ok\"}");
    private static final Response READY = Response.json(Status.OK, "{\"status\":\"ready\"}");
    private static final Response DRAINING =
            Response.problem(Status.UNAVAILABLE, "this server is going", "Retry-After: 1");

    private final DecisionTree tree;
    private final int maxRows;
    private final List<Prediction> predictions = new CopyOnWriteArrayList<>();

    IrisService(DecisionTree tree, int maxRows) {
        this.tree = tree;
        this.maxRows = maxRows;
    }

    @Override
    public List<Route> routes(ServerStatus status) {
        Prediction prediction = new Prediction(tree, maxRows);
        predictions.add(prediction);
        MetricsPage metrics = new MetricsPage(status, tree, this::predictions);
        Pages pages = new Pages();
        return List.of(
                new Route(Method.POST, "/predict", prediction),
                new Route(Method.GET, "/", _ -> LOADED),
                new Route(Method.GET, "/healthz", _ -> ALIVE),
                new Route(Method.GET, "/readyz", _ -> status.draining() ? DRAINING : READY),
                new Route(Method.GET, "/metrics", metrics),
                new Route(Method.GET, "/openapi.json", _ -> pages.openApi()),
                new Route(Method.GET, "/docs", _ -> pages.docs()));
    }

    /** Over all event loops. */
    private long predictions(int classIndex) {
        long sum = 0;
        for (Prediction one : predictions) {
            sum += one.predictions(classIndex);
        }
        return sum;
    }
}
