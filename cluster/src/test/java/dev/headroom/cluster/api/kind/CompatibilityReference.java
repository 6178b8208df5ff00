package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.kind.Effects.Effect;
import dev.headroom.cluster.api.kind.Effects.State;
import dev.headroom.cluster.api.schema.Field;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.schema.StructType;
import dev.headroom.cluster.api.schema.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of every kind that is served and what becomes of them, as a part of docs/compatibility.md. */
final class CompatibilityReference {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    /** What several kinds have is told once. */
    private static final Map<String, String> ELSEWHERE =
            Map.of(
                    META,
                    "as every object's",
                    "io.k8s.api.core.v1.PodTemplateSpec",
                    "as a Pod's `metadata` and `spec`");

    private final Schemas schemas = new Schemas();
    private final Effects effects = new Effects(schemas);

    /** A field that does not have its effect. */
    private record Row(String path, Effect effect) {}

    private final List<String> enforced = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    static String markdown(Kinds kinds) {
        StringBuilder text = new StringBuilder();
        text.append(new CompatibilityReference().section("`metadata` of every object", META));
        for (Served served : kinds.all()) {
            String title = served.type().kind() + " (`" + served.type().apiVersion() + "`)";
            text.append(new CompatibilityReference().section(title, served.definition()));
        }
        return text.toString();
    }

    private String section(String title, String definition) {
        for (Field field : schemas.struct(definition).fields().values()) {
            if (!List.of("apiVersion", "kind").contains(field.name()) || definition.equals(META)) {
                field(definition, field, field.name());
            }
        }
        StringBuilder text = new StringBuilder("### " + title + "\n\n");
        if (!enforced.isEmpty()) {
            text.append("Enforced: ").append(String.join(", ", enforced)).append(".\n\n");
        }
        if (!rows.isEmpty()) {
            text.append("| field | | why |\n|---|---|---|\n");
            rows.forEach(row -> text.append(line(row)));
            text.append('\n');
        }
        return text.toString();
    }

    private static String line(Row row) {
        Effect effect = row.effect();
        String word =
                switch (effect.state()) {
                    case ENFORCED -> "enforced";
                    case PARTLY -> "enforced in part";
                    case KEPT -> "kept";
                    case REFUSED -> "refused";
                };
        if (effect.state() == State.KEPT && !row.path().startsWith("status")) {
            word += " with a warning";
        }
        if (!effect.harmless().isEmpty()) {
            word +=
                    effect.harmless().stream()
                            .sorted()
                            .map(value -> "`" + value + "`")
                            .collect(Collectors.joining(", ", ", but for ", ""));
        }
        return "| `%s` | %s | %s |\n".formatted(row.path(), word, effect.why());
    }

    private void field(String definition, Field field, String path) {
        Effect effect = Objects.requireNonNull(effects.of(definition, field.name()), path);
        if (effect.state() != State.ENFORCED) {
            rows.add(new Row(path, effect));
        }
        if (!effect.isOpen()) {
            return;
        }
        said(definition)
                .forEach((name, of) -> {
                    if (name.startsWith(field.name() + "[")) {
                        rows.add(new Row(path + name.substring(field.name().length()), of));
                    }
                });
        StructType inner = struct(field.type());
        String at = field.type() instanceof Type.ListOf ? path + "[]" : path;
        if (inner != null && ELSEWHERE.containsKey(inner.definition())) {
            enforced.add("`" + path + "` (" + ELSEWHERE.get(inner.definition()) + ")");
        } else if (inner != null && !isWhole(inner)) {
            inner.fields().values().forEach(f -> field(inner.definition(), f, at + "." + f.name()));
        } else if (effect.state() == State.ENFORCED) {
            enforced.add("`" + path + "`");
        }
    }

    /** Whether all that is below is enforced too. */
    private boolean isWhole(StructType type) {
        return said(type.definition()).values().stream()
                        .allMatch(effect -> effect.state() == State.ENFORCED)
                && type.fields().values().stream()
                        .map(field -> struct(field.type()))
                        .allMatch(inner -> inner == null || isWhole(inner));
    }

    private Map<String, Effect> said(String definition) {
        return Objects.requireNonNull(effects.all().get(definition), definition);
    }

    private @Nullable StructType struct(Type type) {
        return switch (type) {
            case Type.Struct struct -> schemas.struct(struct);
            case Type.ListOf list -> struct(list.element());
            case Type.MapOf map -> struct(map.value());
            case Type.Any any -> null;
            case Type.Scalar scalar -> null;
        };
    }
}
