package dev.headroom.cluster.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headroom.cluster.api.patch.PatchForm;
import dev.headroom.cluster.objects.ApiException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that cannot be read, in kube-apiserver's words: what Go 1.24's encoding/json says of the same bytes. */
class BodiesTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Request request(String type, String body) {
        return Request.of(
                "POST",
                "/api/v1/namespaces/default/configmaps",
                name -> name.equals("Content-Type") ? type : null,
                bytes(body));
    }

    private static String refused(String body) {
        ApiException refused =
                catchThrowableOfType(
                        ApiException.class,
                        () -> Bodies.read(request("application/json", body), "ConfigMap"));
        assertThat(refused.code()).isEqualTo(400);
        return String.valueOf(refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = true,
            textBlock =
                    """
                    `` ~ unexpected end of JSON input
                    `{` ~ unexpected end of JSON input
                    `{"a"` ~ unexpected end of JSON input
                    `{"a":"b` ~ unexpected end of JSON input
                    `apiVersion: v1` ~ invalid character 'a' looking for beginning of value
                    `{a: 1}` ~ invalid character 'a' looking for beginning of object key string
                    `{"a":1,}` ~ invalid character '}' looking for beginning of object key string
                    `{"a" 1}` ~ invalid character '1' after object key
                    `{"a":1 "b":2}` ~ invalid character '"' after object key:value pair
                    `[1 2]` ~ invalid character '2' after array element
                    `[1,]` ~ invalid character ']' looking for beginning of value
                    `{} {}` ~ invalid character '{' after top-level value
                    `{"a":tru}` ~ invalid character '}' in literal true (expecting 'e')
                    `nul` ~ invalid character ' ' in literal null (expecting 'l')
                    `-x` ~ invalid character 'x' in numeric literal
                    `1.` ~ invalid character ' ' after decimal point in numeric literal
                    `1ex` ~ invalid character 'x' in exponent of numeric literal
                    `01` ~ invalid character '1' after top-level value
                    `"\\x"` ~ invalid character 'x' in string escape code
                    `"\\u12g4"` ~ invalid character 'g' in \\u hexadecimal character escape
                    `'` ~ invalid character '\\'' looking for beginning of value
                    `é` ~ invalid character 'Ã' looking for beginning of value
                    """)
    void saysWhatIsWrongAsGoDoes(String json, String fault) {
        assertThat(GoSyntax.fault(bytes(json))).isEqualTo(fault);
    }

    @Test
    void saysWhatIsWrongWithControlCharacters() {
        assertThat(GoSyntax.fault(bytes("\"\n\"")))
                .isEqualTo("invalid character '\\n' in string literal");
        assertThat(GoSyntax.fault(bytes("\u0007")))
                .isEqualTo("invalid character '\\a' looking for beginning of value");
        assertThat(GoSyntax.fault(bytes("\u0001")))
                .isEqualTo("invalid character '\\x01' looking for beginning of value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    `{}`
                    ` [ ] `
                    `{"a":[1,-0.5e+10,{"b":null}],"c":"\\u00e9\\n"}`
                    `0`
                    `1E5`
                    `true`
                    """)
    void findsNothingInWhatIsJson(String json) {
        assertThat(GoSyntax.fault(bytes(json))).isNull();
    }

    @Test
    void namesTheKindAndShowsTheBeginning() {
        String prefix =
                "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: ";
        assertThat(refused("")).isEqualTo(prefix + "unexpected end of JSON input (<empty>)");
        assertThat(refused("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\""))
                .isEqualTo(
                        prefix
                                + "unexpected end of JSON input ({\"apiVersion\":\"v1\",\"kind\":\"Con ...)");
        assertThat(refused("kind: x"))
                .isEqualTo(
                        prefix
                                + "invalid character 'k' looking for beginning of value (6b696e643a2078)");
        assertThat(refused("[]"))
                .isEqualTo(
                        prefix
                                + "json: cannot unmarshal array into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" } (5b5d)");
        assertThat(refused("{\"kind\":5}"))
                .isEqualTo(
                        prefix
                                + "json: cannot unmarshal number into Go struct field .kind of type string ({\"kind\":5})");
    }

    @Test
    void aPatchIsRefusedByItsType() {
        assertThat(patchRefused(PatchForm.MERGE))
                .isEqualTo("error decoding patch: unexpected end of JSON input");
        assertThat(patchRefused(PatchForm.JSON))
                .isEqualTo("error decoding patch: unexpected end of JSON input");
        assertThat(patchRefused(PatchForm.STRATEGIC)).isEqualTo("unexpected end of JSON input");
    }

    private static String patchRefused(PatchForm form) {
        Request request = request("", "{\"a\"");
        return String.valueOf(
                catchThrowableOfType(
                                ApiException.class, () -> PatchBodies.read(request, form, false))
                        .getMessage());
    }

    @Test
    void nothingIsAnEmptyObject() {
        assertThat(Bodies.object(Bodies.read(request("application/json", "null"), "ConfigMap")))
                .isEmpty();
        assertThat(Bodies.object(Bodies.read(request("application/yaml", ""), "ConfigMap")))
                .isEmpty();
    }
}
