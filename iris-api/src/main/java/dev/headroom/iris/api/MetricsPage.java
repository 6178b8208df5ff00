package dev.headroom.iris.api;

import dev.headroom.iris.api.http.CloseReason;
import dev.headroom.iris.api.http.Handler;
import dev.headroom.iris.api.http.Request;
import dev.headroom.iris.api.http.Response;
import dev.headroom.iris.api.http.ServerStatus;
import dev.headroom.iris.api.http.Status;
import dev.headroom.iris.api.model.DecisionTree;
import java.util.List;
import java.util.function.IntToLongFunction;

/** The server's counts, in Prometheus' text format or in OpenMetrics, as the client likes better. */
final class MetricsPage implements Handler {
    private static final String OTHER = "other";

    private final ServerStatus status;
    private final DecisionTree tree;
    private final IntToLongFunction predictions;

    /**
     * For one event loop.
     *
     * @param predictions how many there were of a class, by its index
     */
    MetricsPage(ServerStatus status, DecisionTree tree, IntToLongFunction predictions) {
        this.status = status;
        this.tree = tree;
        this.predictions = predictions;
    }

    @Override
    public Response handle(Request request) {
        MetricsText page = new MetricsText(request.prefersOpenMetrics());
        requests(page);
        latencies(page);
        connections(page);
        model(page);
        ProcessMetrics.write(page);
        return Response.of(Status.OK, page.contentType(), page.finish());
    }

    private String route(int index) {
        return index < 0 ? OTHER : status.routes().get(index);
    }

    private void requests(MetricsText page) {
        page.counter("iris_http_requests", "Requests answered, by route and status code.");
        for (int route = -1; route < status.routes().size(); route++) {
            for (Status code : Status.values()) {
                long count = status.requests(route, code);
                if (count > 0 || route == 0 && code == Status.OK) {
                    page.sample("_total", "route", route(route), "code", "" + code.code(), count);
                }
            }
        }
        page.gauge("iris_http_requests_in_flight", "Requests begun, and answers not yet taken.");
        page.sample(status.inFlight());
    }

    private void latencies(MetricsText page) {
        page.histogram(
                "iris_http_request_duration_seconds",
                "From a request's first byte to its answer, seconds, by route.");
        long[] bounds = status.latencyBounds();
        for (int route = -1; route < status.routes().size(); route++) {
            long count = 0;
            for (int bucket = 0; bucket <= bounds.length; bucket++) {
                count += status.latencies(route, bucket);
            }
            if (count > 0 || route == 0) {
                long below = 0;
                for (int bucket = 0; bucket < bounds.length; bucket++) {
                    below += status.latencies(route, bucket);
                    String bound = page.bound(bounds[bucket] / 1e9);
                    page.sample("_bucket", "route", route(route), "le", bound, below);
                }
                page.sample("_bucket", "route", route(route), "le", "+Inf", count);
                page.sample("_sum", "route", route(route), status.latencySum(route) / 1e9);
                page.sample("_count", "route", route(route), count);
            }
        }
    }

    private void connections(MetricsText page) {
        page.gauge("iris_http_connections_open", "Connections open now.");
        page.sample(status.open());
        page.counter("iris_http_connections_accepted", "Connections accepted.");
        page.sample("_total", status.accepted());
        page.counter("iris_http_connections_refused", "Connections accepted only to be refused.");
        page.sample("_total", status.refused());
        page.counter("iris_http_connections_closed", "Connections ended, by reason.");
        for (CloseReason reason : CloseReason.values()) {
            page.sample("_total", "reason", reason.label(), status.closed(reason));
        }
    }

    private void model(MetricsText page) {
        List<String> classes = tree.classNames();
        page.counter("iris_predictions", "Predictions, by class.");
        for (int i = 0; i < classes.size(); i++) {
            page.sample("_total", "class", classes.get(i), predictions.applyAsLong(i));
        }
        page.gauge("iris_model_info", "The model that is served.");
        page.sample("", "version", tree.version(), 1);
    }
}
