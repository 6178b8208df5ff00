package dev.headroom.cluster.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.kind.Effects.Effect;
import dev.headroom.cluster.api.registry.Caller;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.schema.Field;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.schema.StructType;
import dev.headroom.cluster.api.schema.Type;
import dev.headroom.cluster.api.store.Store;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Never pretend: every field of every kind has a state, the docs say it, and whoever sets one in vain is told. */
class EffectsTest {
    private static final String BEGIN = "<!-- fields: made by EffectsTest -->\n";
    private static final String END = "<!-- /fields -->\n";

    private final Schemas schemas = new Schemas();
    private final Effects effects = new Effects(schemas);
    private final Kinds kinds = new Kinds(new Addresses(n -> "127.9.240." + n, 200));
    private final Registry registry = new Registry(new Store(), schemas, InstantSource.system());
    private final List<String> warnings = new ArrayList<>();
    private final Caller caller =
            new Caller("test", false, false, Caller.Validation.STRICT, List.of(), warnings::add);

    EffectsTest() {
        create(ResourceType.NAMESPACE, "", "{'metadata':{'name':'default'}}");
    }

    private Served served(ResourceType type) {
        return Objects.requireNonNull(kinds.find(type));
    }

    private ObjectNode create(ResourceType type, String namespace, String json) {
        ObjectNode object = (ObjectNode) Json.MAPPER.readTree(json.replace('\'', '"'));
        return registry.create(caller, served(type), namespace, object);
    }

    /** Every field that is reached has a state, and nothing is said of what is not there. */
    @Test
    void everyFieldHasAState() {
        Map<String, Set<String>> reached = new HashMap<>();
        Set<String> without = new TreeSet<>();
        for (Served served : kinds.all()) {
            reach(schemas.struct(served.definition()), reached, without);
        }
        assertThat(without).as("effects.txt says nothing of them").isEmpty();
        Set<String> surplus = new TreeSet<>();
        effects.all()
                .forEach((definition, fields) ->
                        fields.keySet().stream()
                                .filter(f ->
                                        !reached.getOrDefault(definition, Set.of())
                                                .contains(f.replaceFirst("\\[.*", "")))
                                .forEach(f -> surplus.add(definition + "." + f)));
        assertThat(surplus).as("in effects.txt, but in no kind, or below what is kept").isEmpty();
    }

    private void reach(StructType type, Map<String, Set<String>> reached, Set<String> without) {
        if (reached.putIfAbsent(type.definition(), type.fields().keySet()) != null) {
            return;
        }
        for (Field field : type.fields().values()) {
            Effect effect = effects.of(type.definition(), field.name());
            if (effect == null) {
                without.add(type.definition() + "." + field.name());
            } else if (effect.isOpen()) {
                reach(field.type(), reached, without);
            }
        }
    }

    private void reach(Type type, Map<String, Set<String>> reached, Set<String> without) {
        switch (type) {
            case Type.Struct struct -> reach(schemas.struct(struct), reached, without);
            case Type.ListOf list -> reach(list.element(), reached, without);
            case Type.MapOf map -> reach(map.value(), reached, without);
            case Type.Any any -> {}
            case Type.Scalar scalar -> {}
        }
    }

    @Test
    void theDocsSayIt() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path file =
                (Files.isDirectory(here.resolve("docs")) ? here : here.resolve(".."))
                        .resolve("docs/compatibility.md");
        String page = Files.readString(file);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String wanted =
                page.substring(0, begin)
                        + "\n"
                        + CompatibilityReference.markdown(kinds)
                        + page.substring(end);
        if (Boolean.getBoolean("headroom.write-reference")) {
            Files.writeString(file, wanted);
        }
        assertThat(file)
                .as("its fields are written by -Dheadroom.write-reference=true, as it says")
                .content(StandardCharsets.UTF_8)
                .isEqualTo(wanted);
    }

    @Test
    void whatIsFilledInWarnsOfNothing() {
        create(ResourceType.POD, "default", pod("p", ""));
        create(
                ResourceType.DEPLOYMENT,
                "default",
                "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'app':'a'}},'template':"
                        + pod("", "")
                        + "}}");
        create(
                ResourceType.SERVICE,
                "default",
                "{'metadata':{'name':'s'},'spec':{'type':'LoadBalancer','ports':[{'port':80}]}}");
        create(
                ResourceType.HORIZONTAL_POD_AUTOSCALER,
                "default",
                "{'metadata':{'name':'h'},'spec':{'maxReplicas':3,'scaleTargetRef':{'kind':'Deployment','name':'d','apiVersion':'apps/v1'}}}");
        assertThat(warnings).isEmpty();
    }

    private static String pod(String name, String more) {
        return "{'metadata':{'name':'"
                + name
                + "','labels':{'app':'a'}},'spec':{"
                + more
                + "'containers':[{'name':'c','image':'i:1'}]}}";
    }

    @Test
    void whatIsSetInVainIsSaid() {
        create(
                ResourceType.POD,
                "default",
                pod("p", "'hostNetwork':true,'dnsPolicy':'Default','hostPID':false,")
                        .replace(
                                "'i:1'",
                                "'i:1','securityContext':{'privileged':true},'resources':{'limits':{'cpu':'1','ephemeral-storage':'1Gi'}}"));
        assertThat(warnings)
                .containsExactlyInAnyOrder(
                        "spec.hostNetwork is kept but has no effect on this cluster: every pod has a loopback address of its own",
                        "spec.containers[0].resources.limits[ephemeral-storage] is kept but has no effect on this cluster: what is written is not counted",
                        "spec.containers[0].securityContext is kept but has no effect on this cluster: containers run as the user who started the cluster, with that user's rights");
    }

    @Test
    void aWriteSpeaksOfWhatItSetsOnly() {
        ObjectNode service =
                create(
                        ResourceType.SERVICE,
                        "default",
                        "{'metadata':{'name':'s'},'spec':{'externalIPs':['127.0.0.9'],'ports':[{'port':80}]}}");
        assertThat(warnings).hasSize(1).first().asString().startsWith("spec.externalIPs is kept");
        warnings.clear();

        update(service, Json.metadata(service), "labels", Json.object().put("a", "b"));
        assertThat(warnings).isEmpty();

        update(service, Json.ensure(service, "spec"), "externalTrafficPolicy", null);
        assertThat(warnings).isEmpty();
    }

    private void update(
            ObjectNode object, ObjectNode parent, String field, @Nullable ObjectNode value) {
        parent.remove(field);
        if (value != null) {
            parent.set(field, value);
        }
        Json.metadata(object).remove("resourceVersion");
        registry.update(
                caller,
                served(ResourceType.SERVICE),
                "default",
                Json.name(object),
                "",
                current -> object);
    }
}
