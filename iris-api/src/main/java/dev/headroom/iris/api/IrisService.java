package dev.headroom.iris.api;

import dev.headroom.iris.api.http.Application;
import dev.headroom.iris.api.http.Method;
import dev.headroom.iris.api.http.Request;
import dev.headroom.iris.api.http.Response;
import dev.headroom.iris.api.http.Route;
import dev.headroom.iris.api.http.ServerStatus;
import dev.headroom.iris.api.http.Status;
import dev.headroom.iris.api.json.JsonText;
import dev.headroom.iris.api.json.RowException;
import dev.headroom.iris.api.json.RowReader;
import dev.headroom.iris.api.model.DecisionTree;
import java.util.List;

/** What the Iris API serves: predictions of one tree, and what a cluster asks of a pod. */
final class IrisService implements Application {
    private static final Response LOADED =
            Response.json(Status.OK, "{\"status\":\"ok\",\"model_status\":\"loaded\"}");
    private static final Response ALIVE = Response.json(Status.OK, "{\"status\":\"ok\"}");
    private static final Response READY = Response.json(Status.OK, "{\"status\":\"ready\"}");
    private static final Response DRAINING =
            Response.json(Status.UNAVAILABLE, "{\"status\":\"draining\"}");

    private final DecisionTree tree;

    IrisService(DecisionTree tree) {
        this.tree = tree;
    }

    @Override
    public List<Route> routes(ServerStatus status) {
        Prediction prediction = new Prediction(tree);
        MetricsPage metrics = new MetricsPage(status);
        return List.of(
                new Route(Method.POST, "/predict", prediction::answer),
                new Route(Method.GET, "/", _ -> LOADED),
                new Route(Method.GET, "/healthz", _ -> ALIVE),
                new Route(Method.GET, "/readyz", _ -> status.draining() ? DRAINING : READY),
                new Route(Method.GET, "/metrics", _ -> metrics.render()));
    }

    /** Answers one row with its class. The answers are made beforehand: there are only so many classes. */
    private static final class Prediction {
        private final DecisionTree tree;
        private final RowReader rows;
        private final Response[] answers;

        Prediction(DecisionTree tree) {
            this.tree = tree;
            this.rows = new RowReader(tree.featureNames());
            this.answers = new Response[tree.classNames().size()];
            for (int i = 0; i < answers.length; i++) {
                String name = JsonText.quote(tree.classNames().get(i));
                answers[i] = Response.json(Status.OK, "{\"prediction\":" + name + "}");
            }
        }

        Response answer(Request request) {
            try {
                float[] row = rows.read(request.bytes(), request.bodyFrom(), request.bodyTo());
                return answers[tree.classOf(tree.leafOf(row))];
            } catch (RowException e) {
                String text = JsonText.quote(String.valueOf(e.getMessage()));
                return Response.json(Status.BAD_REQUEST, "{\"error\":" + text + "}");
            }
        }
    }
}
