package dev.headroom.cluster.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headroom.cluster.objects.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which parameters of a list or a watch fit together: the cases of upstream's ValidateListOptions, in its words. */
class ListOptionsTest {
    private static ListOptions options(String query) {
        return ListOptions.of(
                Request.of("GET", "/api/v1/pods?" + query, name -> null, new byte[0]));
    }

    private static ApiException refused(String query) {
        return catchThrowableOfType(ApiException.class, () -> options(query).exact(Long.MAX_VALUE));
    }

    private static String token(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    resourceVersionMatch=Exact | resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided
                    resourceVersionMatch=NotOlderThan | resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided
                    resourceVersion=1&continue=x&resourceVersionMatch=Exact | resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided
                    resourceVersion=1&resourceVersionMatch=exact | resourceVersionMatch: Unsupported value: "exact": supported values: "Exact", "NotOlderThan", ""
                    resourceVersion=0&resourceVersionMatch=Exact | resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"
                    sendInitialEvents=false | sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list
                    watch=1&sendInitialEvents=true | resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan
                    watch=1&resourceVersionMatch=NotOlderThan | resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided
                    watch=1&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&continue=x | resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided
                    watch=1&resourceVersionMatch=Exact&sendInitialEvents=true | [resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]
                    """)
    void refusesWhatCannotBeMeantTogether(String query, String why) {
        ApiException refused = refused(query);
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.getMessage())
                .isEqualTo("ListOptions.meta.k8s.io \"\" is invalid: " + why);
    }

    @Test
    void refusesATokenThatIsNone() {
        assertThat(refused("continue=" + token("none")))
                .hasMessage(
                        "invalid continue token: continue key is not valid: invalid character 'o' in literal null (expecting 'u')");
        assertThat(refused("continue=" + token("{\"v\":\"v2\",\"rv\":1,\"start\":\"a\"}")))
                .hasMessage(
                        "invalid continue token: continue key is not valid: server does not recognize this encoded version v2");
        assertThat(refused("continue=" + token("{\"v\":\"meta.k8s.io/v1\",\"start\":\"a\"}")))
                .hasMessage(
                        "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        assertThat(refused("continue=" + token("{\"v\":\"meta.k8s.io/v1\",\"rv\":1}")))
                .hasMessage(
                        "invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
        assertThat(refused("resourceVersion=7&continue=" + new ContinueToken(9, "ns/a")))
                .hasMessage("specifying resource version is not allowed when using continue");
    }

    @Test
    void aListBeginsWhereItIsToldTo() {
        assertThat(options("").exact(10)).isNull();
        assertThat(options("resourceVersion=7").exact(10)).isNull();
        assertThat(options("resourceVersion=7&resourceVersionMatch=Exact").exact(10)).isEqualTo(7);
        assertThat(options("resourceVersion=7&resourceVersionMatch=NotOlderThan").exact(10))
                .isNull();
        assertThat(options("resourceVersion=7&limit=2").exact(10)).isEqualTo(7);
        assertThat(options("resourceVersion=0&limit=2").exact(10)).isNull();
        assertThat(options("limit=2&continue=" + new ContinueToken(9, "ns/a")).exact(10))
                .isEqualTo(9);
        assertThat(refused("resourceVersion=" + Long.MAX_VALUE / 100)).isNull();
        assertThat(
                        catchThrowableOfType(
                                        ApiException.class,
                                        () -> options("resourceVersion=11").exact(10))
                                .getMessage())
                .isEqualTo("Timeout: Too large resource version: 11, current: 10");
    }

    @Test
    void aWatchBeginsWhereItIsToldTo() {
        assertThat(options("watch=1").after(10)).isNull();
        assertThat(options("watch=1&resourceVersion=7").after(10)).isEqualTo(7);
        String initial = "watch=1&resourceVersionMatch=NotOlderThan&sendInitialEvents=";
        assertThat(options(initial + "true&resourceVersion=7").after(10)).isNull();
        assertThat(options(initial + "false&resourceVersion=7").after(10)).isEqualTo(7);
        assertThat(options(initial + "false").after(10)).isEqualTo(10);
    }
}
