package dev.headroom.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that the command line sets: as if the file said so, checked with the same words. */
class OverridesTest {
    @TempDir Path folder = Path.of("");

    @BeforeEach
    void files() throws IOException {
        Files.writeString(
                folder.resolve("x.yaml"),
                """
                name: x
                manifests: m.yaml
                target: {service: api, path: /a}
                load:
                  wrk: {threads: 2, connections: 10, duration: 90s}
                """);
        Files.writeString(
                folder.resolve("m.yaml"),
                """
                {apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: {selector: {matchLabels: {app: api}},
                 template: {metadata: {labels: {app: api}}, spec: {containers: [{name: c, image: i}]}}}}
                ---
                {apiVersion: v1, kind: Service, metadata: {name: api}, spec: {selector: {app: api}, ports: [{port: 80}]}}
                ---
                {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: api},
                 spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}, minReplicas: 2, maxReplicas: 4}}
                """);
        Files.copy(folder.resolve("m.yaml"), folder.resolve("n.yaml"));
    }

    private Experiment read(String... settings) throws ExperimentException {
        return ExperimentReader.read(
                        List.of(folder.resolve("x.yaml")), Overrides.read(List.of(settings)))
                .getFirst();
    }

    @Test
    void replaceWhatIsThereAndAddWhatIsNot() throws ExperimentException {
        Experiment experiment =
                read(
                        "load.wrk.connections=2000",
                        "load.wrk.duration=2m",
                        "autoscaler.maxReplicas=9",
                        "manifests=n.yaml",
                        "expect.verdict=held",
                        "expect.thresholds.http_reqs=['rate>10', 'count>5']",
                        "target.path=/b=c");
        assertThat(experiment.load().connections()).isEqualTo(2000);
        assertThat(experiment.load().duration()).hasSeconds(120);
        assertThat(((Experiment.Wrk) experiment.load()).threads()).isEqualTo(2);
        assertThat(experiment.autoscaler()).isEqualTo(new Experiment.Autoscaler(null, 9));
        assertThat(experiment.manifests()).containsExactly(folder.resolve("n.yaml"));
        assertThat(experiment.expect().thresholds()).hasSize(2);
        assertThat(experiment.target()).isEqualTo(new Experiment.Target("api", "/b=c"));
    }

    @Test
    void theLastOfSeveralStays() throws ExperimentException {
        assertThat(read("name=a", "name=b").name()).isEqualTo("b");
        assertThat(read().name()).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "load.wrk.connections=many ~ @/x.yaml: load.wrk.connections: found \"many\"; it takes a whole number",
                "load.wrk.conections=5 ~ load.wrk.conections: unknown key (did you mean \"connections\"?); accepted: threads, connections, duration, script, timeout; it was set by --set",
                "load.wrk.threads=11 ~ load.wrk.threads: found 11, more than connections, which is 10",
                "autoscaler.maxReplicas=1 ~ autoscaler.maxReplicas: found 1, but HorizontalPodAutoscaler/api",
                "manifests=nowhere ~ found \"nowhere\", but there is no @/nowhere",
                "load.rate.rate=5/s ~ load.rate.connections: is missing",
                "name.x=1 ~ name: found a mapping",
                "connections ~ --set: found \"connections\"; it takes KEY=VALUE, such as autoscaler.maxReplicas=5",
                "=5 ~ --set: found \"=5\"; it takes KEY=VALUE",
                "a..b=5 ~ --set: found \"a..b=5\"; it takes KEY=VALUE",
                "name= ~ --set: found no value for name",
                "name=[1 ~ --set: name: \"[1\" is no YAML",
                "load=&l {wrk: [*l]} ~ --set: the value of load holds itself: *l stands inside of &l",
                "images.a/b:1=x ~ --set: images stand in the experiment's file only"
            })
    void whatIsWrongIsSaidInTheSameWords(String setting, String words) {
        assertThatThrownBy(() -> read(setting))
                .isInstanceOf(ExperimentException.class)
                .hasMessageContaining(words.replace("@", folder.toString()));
    }
}
