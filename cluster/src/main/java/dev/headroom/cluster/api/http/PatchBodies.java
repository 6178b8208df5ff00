package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.patch.PatchForm;
import dev.headroom.cluster.api.schema.GoWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads patches. Of what is none, upstream says one thing where it looks for unknown fields, for which it reads it strictly beforehand, and another where it does
 * not.
 */
final class PatchBodies {
    private static final String STRICTLY = "error decoding patch: ";
    private static final String NO_MERGE_PATCH = "Invalid JSON Patch";
    private static final String OPERATION = "jsonPatchOp";
    private static final Set<String> TEXTS = Set.of("op", "path", "from");

    private PatchBodies() {}

    /**
     * A patch: an array of objects for JSON, else an object.
     *
     * @param lenient whether unknown fields are ignored
     */
    static Bodies.Read read(Request request, PatchForm form, boolean lenient) {
        String prefix = lenient || form == PatchForm.STRATEGIC ? "" : STRICTLY;
        boolean unsaid = lenient && form == PatchForm.MERGE;
        Bodies.Read read =
                Bodies.parse(
                        request,
                        false,
                        why -> Statuses.badRequest(unsaid ? NO_MERGE_PATCH : prefix + why));
        JsonNode body = read.tree();
        if (form == PatchForm.JSON) {
            return operations(body, read.duplicates(), lenient);
        }
        if (body.isNull() && form == PatchForm.MERGE) {
            throw Statuses.badRequest(NO_MERGE_PATCH);
        }
        if (!body.isObject() && !body.isNull()) {
            throw Statuses.badRequest(prefix + GoWords.into(body, "map[string]interface {}"));
        }
        return body.isNull() ? new Bodies.Read(Json.object(), List.of()) : read;
    }

    private static Bodies.Read operations(JsonNode body, List<String> duplicates, boolean lenient) {
        if (body.isNull()) {
            return new Bodies.Read(Json.array(), List.of());
        }
        if (!body.isArray()) {
            throw lenient
                    ? Statuses.badRequest(GoWords.into(body, "jsonpatch.Patch"))
                    : Statuses.badRequest(STRICTLY + GoWords.into(body, "[]handlers." + OPERATION));
        }
        List<String> faults = new ArrayList<>();
        duplicates.forEach(duplicate -> faults.add("json patch " + duplicate));
        for (int i = 0; i < body.size(); i++) {
            JsonNode operation = body.get(i);
            if (!operation.isObject()) {
                throw lenient
                        ? Statuses.badRequest(GoWords.into(operation, "jsonpatch.Operation"))
                        : Statuses.badRequest(
                                STRICTLY + GoWords.into(operation, "handlers." + OPERATION));
            }
            for (Map.Entry<String, JsonNode> member : operation.properties()) {
                String name = member.getKey();
                boolean text = member.getValue().isString() || member.getValue().isNull();
                if (!lenient && TEXTS.contains(name) && !text) {
                    throw Statuses.badRequest(
                            STRICTLY
                                    + GoWords.intoField(
                                            GoWords.word(member.getValue()),
                                            OPERATION + "." + name,
                                            "string"));
                }
                if (!TEXTS.contains(name) && !name.equals("value")) {
                    faults.add("json patch unknown field \"[" + i + "]." + name + "\"");
                }
            }
        }
        return new Bodies.Read(body, faults);
    }
}
