package dev.headroom.cluster.api.schema;

/** What a field may hold. */
public sealed interface Type {

    /** A value without parts; {@code go} is the name of its Go type in error messages. */
    enum Scalar implements Type {
        STRING("string"),
        BYTES("[]uint8"),
        INT32("int32"),
        INT64("int64"),
        DOUBLE("float64"),
        BOOLEAN("bool"),
        TIME("v1.Time"),
        MICRO_TIME("v1.MicroTime"),
        DURATION("v1.Duration"),
        QUANTITY("resource.Quantity"),
        INT_OR_STRING("intstr.IntOrString");

        private final String go;

        Scalar(String go) {
            this.go = go;
        }

        String go() {
            return go;
        }
    }

    /** An object with known fields, by the name of its definition. */
    record Struct(String definition) implements Type {}

    record ListOf(Type element) implements Type {}

    record MapOf(Type value) implements Type {}

    /** JSON of any shape, kept as it is. */
    record Any() implements Type {}
}
