package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Who am I, and what may I do: there is one user here, who may do everything. */
final class Reviews {
    static final String USER = "headroom-admin";

    private static final Map<String, String> KINDS =
            Map.of(
                    "selfsubjectaccessreviews", "SelfSubjectAccessReview",
                    "selfsubjectrulesreviews", "SelfSubjectRulesReview",
                    "selfsubjectreviews", "SelfSubjectReview");

    private Reviews() {}

    /** Null where the request is for no review. */
    static @Nullable Reply answer(Request request, Path path) {
        if (!path.group().equals("authorization.k8s.io")
                && !path.group().equals("authentication.k8s.io")) {
            return null;
        }
        String kind = KINDS.get(path.plural());
        if (kind == null) {
            return null;
        }
        if (!request.method().equals("POST")) {
            throw Statuses.methodNotAllowed();
        }
        // Some clients send reviews in protobuf and cannot be told otherwise; the answer does not
        // depend on what they ask.
        boolean opaque = request.head("Content-Type").contains("protobuf");
        ObjectNode review = opaque ? Json.object() : Bodies.object(Bodies.read(request, kind));
        review.put("apiVersion", path.group() + "/" + path.version());
        ObjectNode status = review.putObject("status");
        review.put("kind", kind);
        switch (kind) {
            case "SelfSubjectAccessReview" -> status.put("allowed", true);
            case "SelfSubjectRulesReview" -> {
                ObjectNode rule = status.putArray("resourceRules").addObject();
                rule.putArray("verbs").add("*");
                rule.putArray("apiGroups").add("*");
                rule.putArray("resources").add("*");
                ObjectNode free = status.putArray("nonResourceRules").addObject();
                free.putArray("verbs").add("*");
                free.putArray("nonResourceURLs").add("*");
                status.put("incomplete", false);
            }
            default -> {
                ObjectNode user = status.putObject("userInfo").put("username", USER);
                user.putArray("groups").add("system:masters").add("system:authenticated");
            }
        }
        return Reply.json(201, review);
    }
}
