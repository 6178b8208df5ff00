package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.headroom.lab.deploy.FakeCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code headroom lint} as it is called: exit codes, and its three outputs read by others. */
@SuppressWarnings("NullAway.Init")
class LintCommandTest {
    private static final String CORPUS = "src/test/resources/dev/headroom/lab/lint/";
    private static final String ERROR = CORPUS + "unreachable-target/bad.yaml";
    private static final String WARNING = CORPUS + "no-readiness-probe/bad.yaml";

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        ERROR + ",warning,99",
        ERROR + ",error,99",
        WARNING + ",warning,99",
        WARNING + ",WARNING,99",
        WARNING + ",note,99",
        WARNING + ",error,0",
        "../k8s,note,0"
    })
    void exitCodesFollowTheSeverity(String path, String failOn, int code) {
        assertThat(InProcess.run("lint", path, "--fail-on", failOn).exitCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "lint,lint takes either folders and files of manifests",
        "lint ../k8s --context x,lint takes either folders and files of manifests",
        "lint ../k8s -n x,--namespace: is for a cluster",
        "lint ../k8s --format xml,Invalid value for option '--format'",
        "lint ../k8s --fail-on bad,Invalid value for option '--fail-on'",
        "lint nowhere,nowhere: can't be read: no such file",
        "lint src/test,src/test: holds no .yaml",
        "lint --kubeconfig nowhere,can't read the kubeconfig nowhere: no such file",
        "lint --kubeconfig pom.xml,pom.xml is no kubeconfig: YAML with clusters",
        "lint --kubeconfig src,src is a folder; a kubeconfig file is needed"
    })
    void wrongUsageIsSaid(String line, String message) {
        InProcess.Ended ended = InProcess.run(line.split(" "));
        assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(2);
        assertThat(ended.printed()).contains(message);
    }

    @Test
    void aKustomizationIsNamedWithWhatToDo() throws IOException {
        Files.writeString(folder.resolve("kustomization.yaml"), "resources: [a.yaml]\n");
        InProcess.Ended ended = InProcess.run("lint", folder.toString());
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.printed()).contains("kubectl kustomize " + folder + " | headroom lint -");
    }

    /** As behind {@code kubectl kustomize FOLDER |}. */
    @Test
    void whatIsPipedInIsRead() throws IOException {
        InputStream before = System.in;
        try (InputStream piped = Files.newInputStream(Path.of(ERROR))) {
            System.setIn(piped);
            InProcess.Ended ended = InProcess.run("lint", "-");
            assertThat(ended.exitCode()).isEqualTo(99);
            assertThat(ended.printed())
                    .startsWith("/dev/stdin:38: error: HorizontalPodAutoscaler/web: aims at 200 %");
            System.setIn(new ByteArrayInputStream(new byte[] {'a', '\n', (byte) 0xff}));
            assertThat(InProcess.run("lint", "-").printed())
                    .startsWith("/dev/stdin:2: is not UTF-8 text");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void textNamesFileLineReasonCureAndReference() {
        InProcess.Ended ended = InProcess.run("lint", ERROR);
        assertThat(ended.printed().lines())
                .satisfiesExactly(
                        l ->
                                assertThat(l)
                                        .isEqualTo(
                                                ERROR
                                                        + ":38: error: HorizontalPodAutoscaler/web: aims at 200 % of the cpu request, and the limit of Deployment/web lets a pod use 200 %: more is asked for only above 220 % [unreachable-target]"),
                        l -> assertThat(l).startsWith("    why: A pod can't use more"),
                        l -> assertThat(l).startsWith("    fix: Lower the target"),
                        l -> assertThat(l).startsWith("    see: https://kubernetes.io/docs/"),
                        l -> assertThat(l).isEqualTo("1 error, 0 warnings, 0 notes in 2 objects"));
    }

    @Test
    void jsonSaysTheSame() {
        JsonNode json = json(InProcess.run("lint", ERROR, "--format", "json"));
        assertThat(json.path("counts").path("error").intValue()).isEqualTo(1);
        assertThat(json.path("counts").path("warning").intValue()).isZero();
        JsonNode finding = json.path("findings").get(0);
        assertThat(finding.path("file").stringValue()).isEqualTo(ERROR);
        assertThat(finding.path("line").intValue()).isEqualTo(38);
        assertThat(finding.path("rule").stringValue()).isEqualTo("unreachable-target");
        assertThat(finding.path("object").stringValue()).isEqualTo("HorizontalPodAutoscaler/web");
        assertThat(finding.propertyNames())
                .contains("severity", "message", "why", "fix", "reference", "key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../k8s", ERROR, WARNING, "../examples/fastapi/manifests"})
    void sarifIsWhatItsPublishedSchemaSays(String path) throws IOException {
        JsonNode log = json(InProcess.run("lint", "--format", "sarif", path));
        assertThat(log.path("version").stringValue()).isEqualTo("2.1.0");
        assertThat(errors(log)).isEmpty();
    }

    private static List<String> errors(JsonNode log) throws IOException {
        try (InputStream schema =
                LintCommandTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
            assertThat(schema).isNotNull();
            String text = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(text)
                    .validate(log)
                    .stream()
                    .map(Object::toString)
                    .toList();
        }
    }

    @Test
    void sarifPointsAtTheLine() throws IOException {
        JsonNode log = json(InProcess.run("lint", "--format", "sarif", ERROR));
        JsonNode result = log.path("runs").get(0).path("results").get(0);
        JsonNode place = result.path("locations").get(0).path("physicalLocation");
        assertThat(place.path("artifactLocation").path("uri").stringValue()).isEqualTo(ERROR);
        assertThat(place.path("region").path("startLine").intValue()).isEqualTo(38);
        assertThat(result.path("level").stringValue()).isEqualTo("error");
        JsonNode rules = log.path("runs").get(0).path("tool").path("driver").path("rules");
        assertThat(rules.get(result.path("ruleIndex").intValue()).path("id").stringValue())
                .isEqualTo(result.path("ruleId").stringValue());
        // The validator itself must be able to refuse.
        ((ObjectNode) result).put("level", "dreadful");
        assertThat(errors(log)).isNotEmpty();
    }

    @Test
    void aClusterIsReadByItsKubeconfig() throws Exception {
        try (FakeCluster cluster = new FakeCluster(folder)) {
            InProcess.Ended ended =
                    InProcess.run("lint", "--kubeconfig", folder.resolve("kubeconfig").toString());
            assertThat(ended.exitCode()).as(ended.printed()).isZero();
            assertThat(ended.printed()).contains("0 errors, 0 warnings, 0 notes in ");
        }
        InProcess.Ended gone =
                InProcess.run("lint", "--kubeconfig", folder.resolve("kubeconfig").toString());
        assertThat(gone.exitCode()).as(gone.printed()).isEqualTo(4);
    }

    private static JsonNode json(InProcess.Ended ended) {
        return JsonMapper.builder().build().readTree(ended.printed());
    }
}
