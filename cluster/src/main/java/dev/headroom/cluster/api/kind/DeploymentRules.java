package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Deployments. */
final class DeploymentRules implements Rules {

    @Override
    public void defaults(ObjectNode deployment) {
        ObjectNode spec = Json.ensure(deployment, "spec");
        Json.defaultTo(spec, "replicas", 1);
        PodDefaults.template(Json.ensure(spec, "template"));
        ObjectNode strategy = Json.ensure(spec, "strategy");
        Json.defaultTo(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Json.ensure(strategy, "rollingUpdate");
            Json.defaultTo(rolling, "maxUnavailable", "25%");
            Json.defaultTo(rolling, "maxSurge", "25%");
        }
        Json.defaultTo(spec, "revisionHistoryLimit", 10);
        Json.defaultTo(spec, "progressDeadlineSeconds", 600);
    }

    @Override
    public void validate(ObjectNode deployment, Causes causes) {
        JsonNode spec = deployment.path("spec");
        MetaValidation.notNegative(spec, "spec.replicas", causes, "replicas");
        selector(spec, causes);
        PodValidation.template(deployment, causes);
        strategy(spec.path("strategy"), causes);
        MetaValidation.notNegative(spec, "spec.minReadySeconds", causes, "minReadySeconds");
        MetaValidation.notNegative(
                spec, "spec.revisionHistoryLimit", causes, "revisionHistoryLimit");
        MetaValidation.notNegative(
                spec, "spec.progressDeadlineSeconds", causes, "progressDeadlineSeconds");
        long deadline = Json.integer(spec, 600, "progressDeadlineSeconds");
        if (deadline >= 0 && deadline <= Json.integer(spec, 0, "minReadySeconds")) {
            causes.add(
                    Cause.invalid(
                            "spec.progressDeadlineSeconds",
                            deadline,
                            "must be greater than minReadySeconds"));
        }
    }

    static void selector(JsonNode spec, Causes causes) {
        JsonNode selector = spec.path("selector");
        if (!Json.has(spec, "selector")) {
            causes.add(Cause.required("spec.selector", ""));
            return;
        }
        MetaValidation.selector(selector, "spec.selector", causes);
        if (selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty()) {
            causes.add(
                    Cause.invalid(
                            "spec.selector", selector, "empty selector is invalid for deployment"));
        }
    }

    private static void strategy(JsonNode strategy, Causes causes) {
        String type = Json.text(strategy, "type");
        if (type.equals("Recreate")) {
            if (Json.has(strategy, "rollingUpdate")) {
                causes.add(
                        Cause.forbidden(
                                "spec.strategy.rollingUpdate",
                                "may not be specified when strategy `type` is 'Recreate'"));
            }
            return;
        }
        if (!type.equals("RollingUpdate")) {
            causes.add(
                    Cause.unsupportedJson(
                            "spec.strategy",
                            GoJson.of(strategy, List.of("type", "rollingUpdate")),
                            List.of("Recreate", "RollingUpdate")));
            return;
        }
        JsonNode unavailable = Json.at(strategy, "rollingUpdate", "maxUnavailable");
        JsonNode surge = Json.at(strategy, "rollingUpdate", "maxSurge");
        String at = "spec.strategy.rollingUpdate.";
        boolean sound = amount(unavailable, at + "maxUnavailable", causes);
        sound &= amount(surge, at + "maxSurge", causes);
        if (sound && percentOrNumber(unavailable) == 0 && percentOrNumber(surge) == 0) {
            causes.add(
                    Cause.invalid(
                            at + "maxUnavailable",
                            unavailable,
                            "may not be 0 when `maxSurge` is 0"));
        }
        if (sound && unavailable.isString() && percentOrNumber(unavailable) > 100) {
            causes.add(
                    Cause.invalid(
                            at + "maxUnavailable", unavailable, "must not be greater than 100%"));
        }
    }

    private static boolean amount(JsonNode amount, String at, Causes causes) {
        if (amount.isString() && !amount.stringValue().matches("[0-9]+%")) {
            causes.add(
                    Cause.invalid(
                            at,
                            amount,
                            "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"));
            return false;
        }
        if (amount.isNumber() && amount.longValue() < 0) {
            causes.add(Cause.invalid(at, amount, MetaValidation.NOT_NEGATIVE));
            return false;
        }
        return true;
    }

    private static long percentOrNumber(JsonNode amount) {
        if (amount.isString()) {
            String digits = amount.stringValue().replace("%", "");
            return digits.length() > 9 ? Long.MAX_VALUE : Long.parseLong(digits);
        }
        return amount.asLong(0);
    }

    @Override
    public void validateUpdate(ObjectNode deployment, ObjectNode old, Causes causes) {
        MetaValidation.immutable(
                Json.at(deployment, "spec", "selector"),
                Json.at(old, "spec", "selector"),
                "spec.selector",
                causes);
    }

    /** Upstream counts annotations as well, since controllers keep what they mean in them. */
    @Override
    public boolean specChanged(ObjectNode deployment, ObjectNode old) {
        return !Json.same(deployment.path("spec"), old.path("spec"))
                || !Json.same(
                        Json.at(deployment, "metadata", "annotations"),
                        Json.at(old, "metadata", "annotations"));
    }

    @Override
    public void prepareStatus(ObjectNode deployment, ObjectNode old) {
        Json.copy(Json.metadata(deployment), "labels", Json.at(old, "metadata", "labels"));
    }

    @Override
    public void warn(ObjectNode deployment, Consumer<String> warning) {
        PodWarnings.of(
                Json.at(deployment, "spec", "template", "spec"), "spec.template.spec", warning);
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public boolean hasStatus() {
        return true;
    }
}
