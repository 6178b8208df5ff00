package dev.headroom.cluster.api.fields;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.api.base.Json;
import org.junit.jupiter.api.Test;

/** Sets of fields as managedFields has them (structured-merge-diff, fieldsV1). */
class FieldSetTest {
    private static FieldSet set(String json) {
        return FieldSet.parse(Json.MAPPER.readTree(json.replace('\'', '"')));
    }

    @Test
    void nothingIsLeftOfWhatIsCutWhole() {
        FieldSet set = set("{'f:metadata':{'f:name':{}},'f:spec':{'f:replicas':{}}}");
        set.cut("f:metadata", "f:name");
        assertThat(set).isEqualTo(set("{'f:spec':{'f:replicas':{}}}"));
        set.cut("f:spec");
        assertThat(set.isEmpty()).isTrue();
        assertThat(set.toJson()).isEmpty();
    }

    @Test
    void whatIsNotCutIsLeft() {
        FieldSet set = set("{'f:metadata':{'.':{},'f:name':{}},'f:data':{'f:a':{},'f:b':{}}}");
        set.cut("f:metadata", "f:name");
        set.cut("f:data", "f:a");
        set.cut("f:data", "f:c", "f:d");
        set.cut("f:none", "f:a");
        assertThat(set.toJson())
                .isEqualTo(Json.MAPPER.readTree("{\"f:data\":{\"f:b\":{}},\"f:metadata\":{}}"));
        assertThat(set.paths()).hasSize(2);
    }
}
