package dev.headroom.cluster.api.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object with known fields.
 *
 * @param definition its name in OpenAPI, such as {@code io.k8s.api.apps.v1.DeploymentSpec}
 * @param atomic whether it is one value to server-side apply
 * @param fields by name, in the order of the Go struct
 */
public record StructType(String definition, boolean atomic, Map<String, Field> fields) {

    public @Nullable Field field(String name) {
        return fields.get(name);
    }

    /** The name of the Go type without its package: {@code DeploymentSpec}. */
    public String shortName() {
        return definition.substring(definition.lastIndexOf('.') + 1);
    }

    /** The API's version: {@code v1}. */
    public String version() {
        String go = goName();
        return go.substring(0, go.indexOf('.'));
    }

    /** The name of the Go type as errors have it: {@code v1.DeploymentSpec}. */
    public String goName() {
        int name = definition.lastIndexOf('.');
        return definition.substring(definition.lastIndexOf('.', name - 1) + 1);
    }
}
