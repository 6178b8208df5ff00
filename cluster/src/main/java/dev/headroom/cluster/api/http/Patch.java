package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.GoText;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.patch.PatchForm;
import dev.headroom.cluster.api.registry.Change;
import dev.headroom.cluster.api.schema.GoOrder;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.schema.StructType;
import dev.headroom.cluster.api.schema.Undecodable;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A patch as a client sent it; what comes of it and cannot be read is refused with it (upstream: handlers/patch.go).
 *
 * @param type that the object is to be of, before and after
 * @param definition the type's name in OpenAPI
 */
record Patch(PatchForm form, JsonNode body, ResourceType type, String definition, Schemas schemas)
        implements Change {

    @Override
    public ObjectNode propose(ObjectNode current) {
        JsonNode patched = form.apply(current, body, definition, schemas);
        if (!(patched instanceof ObjectNode object)) {
            throw invalid(patched, Bodies.NO_TYPE + Bodies.mismatch(patched));
        }
        // A strategic merge patch is applied to the type itself, whatever it says of that.
        String obstacle =
                form == PatchForm.STRATEGIC
                        ? null
                        : TypeMeta.of(object, type).obstacle(type, schemas);
        if (obstacle != null) {
            throw invalid(object, obstacle);
        }
        return object;
    }

    @Override
    public boolean isWhole() {
        return false;
    }

    @Override
    public ApiException refusal(StructType read, ObjectNode proposed, Undecodable why) {
        return invalid(proposed, form == PatchForm.STRATEGIC ? why.converted() : why.why());
    }

    private ApiException invalid(JsonNode patched, String why) {
        return refused(form == PatchForm.STRATEGIC ? GoText.value(body) : printed(patched), why);
    }

    private String printed(JsonNode patched) {
        JsonNode copy = patched.deepCopy();
        new GoOrder(schemas).sort(copy, definition);
        return GoText.json(form.sorted(copy, body));
    }

    private static ApiException refused(String shown, String why) {
        return Statuses.invalid("", "", "", List.of(Cause.invalid("patch", shown, why)));
    }
}
