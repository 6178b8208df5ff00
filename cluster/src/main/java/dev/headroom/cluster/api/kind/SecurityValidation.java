package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is wrong with security contexts (upstream: ValidateSecurityContext). */
final class SecurityValidation {
    private static final String ID = "must be between 0 and 2147483647, inclusive";

    /** Of core.SecurityContext, in its order. */
    private static final List<String> FIELDS =
            List.of(
                    "capabilities",
                    "privileged",
                    "sELinuxOptions",
                    "windowsOptions",
                    "runAsUser",
                    "runAsGroup",
                    "runAsNonRoot",
                    "readOnlyRootFilesystem",
                    "allowPrivilegeEscalation",
                    "procMount",
                    "seccompProfile",
                    "appArmorProfile");

    private SecurityValidation() {}

    static void container(JsonNode context, String at, Causes causes) {
        ids(context, List.of("runAsUser", "runAsGroup"), at, causes);
        JsonNode escalation = context.path("allowPrivilegeEscalation");
        if (escalation.isBoolean() && !escalation.booleanValue()) {
            String wanted = null;
            if (Json.flag(context, "privileged")) {
                wanted = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
            }
            if (Json.texts(Json.at(context, "capabilities", "add")).contains("CAP_SYS_ADMIN")) {
                wanted =
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
            }
            if (wanted != null) {
                causes.add(
                        new Cause(
                                "FieldValueInvalid",
                                "Invalid value: " + GoJson.of(context, FIELDS) + ": " + wanted,
                                at));
            }
        }
    }

    static void pod(JsonNode context, String at, Causes causes) {
        ids(context, List.of("fsGroup", "runAsUser", "runAsGroup"), at, causes);
    }

    private static void ids(JsonNode context, List<String> fields, String at, Causes causes) {
        for (String field : fields) {
            long id = Json.integer(context, 0, field);
            if (id < 0 || id > Integer.MAX_VALUE) {
                causes.add(Cause.invalid(at + "." + field, id, ID));
            }
        }
    }
}
