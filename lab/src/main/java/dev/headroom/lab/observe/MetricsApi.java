package dev.headroom.lab.observe;

import dev.headroom.lab.deploy.ApiAnswer;
import dev.headroom.lab.deploy.Subject;
import dev.headroom.lab.run.LabClock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The metrics API ({@code metrics.k8s.io}), of the target's pods. */
final class MetricsApi {
    private static final String SOURCE = "metrics.k8s.io";
    private static final int UNKNOWN_WHO = 401;

    private final SampledApi api;
    private final Subject subject;
    private final Gaps gaps;

    MetricsApi(SampledApi api, Subject subject, Gaps gaps) {
        this.api = api;
        this.subject = subject;
        this.gaps = gaps;
    }

    /** What it tells now; null where it gave no answer that is its own. */
    Observation.@Nullable Metrics read() throws InterruptedException {
        ApiAnswer answer =
                api.read(
                        SOURCE,
                        "/apis/metrics.k8s.io/v1beta1/namespaces/"
                                + subject.namespace()
                                + "/pods?labelSelector="
                                + URLEncoder.encode(
                                        subject.labelSelector(), StandardCharsets.UTF_8));
        if (answer == null) {
            return null;
        }
        if (answer.code() == SampledApi.TOOK_TOO_LONG || answer.code() == UNKNOWN_WHO) {
            gaps.begin(SOURCE, answer.message());
            return null;
        }
        gaps.end(SOURCE);
        long at = LabClock.system().millis();
        if (!answer.ok()) {
            return new Observation.Metrics(at, List.of(), answer.message());
        }
        try {
            List<JsonNode> items = new ArrayList<>();
            answer.json().path("items").forEach(items::add);
            items.sort((a, b) ->
                    a.path("metadata")
                            .path("name")
                            .asString("")
                            .compareTo(b.path("metadata").path("name").asString("")));
            return new Observation.Metrics(at, items, null);
        } catch (JacksonException e) {
            return new Observation.Metrics(at, List.of(), "its answer is no JSON");
        }
    }
}
