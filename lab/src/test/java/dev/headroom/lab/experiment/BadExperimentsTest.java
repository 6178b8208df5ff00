package dev.headroom.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads who got an experiment file wrong: file, line, key, what was found, what is accepted. */
class BadExperimentsTest {
    private static final String GOOD =
            """
            name: a
            manifests: m
            autoscaler: {minReplicas: 1, maxReplicas: 3}
            target: {service: api, path: /predict}
            load:
              wrk: {threads: 2, connections: 10, duration: 90s, script: post.lua}
            expect:
              verdict: scaled
              thresholds:
                http_req_failed: ['rate<0.001']
            """;

    private static final String MANIFESTS =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: api}
            spec:
              selector: {matchLabels: {app: api}}
              template:
                metadata: {labels: {app: api}}
                spec: {containers: [{name: c, image: i}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: api}
            spec: {selector: {app: api}, ports: [{port: 80}]}
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: api}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
              minReplicas: 2
              maxReplicas: 4
            """;

    @TempDir Path folder = Path.of("");

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(folder.resolve("m"));
        Files.writeString(folder.resolve("m/all.yaml"), MANIFESTS);
        Files.writeString(folder.resolve("post.lua"), "");
    }

    /** {@code was} in the good file is replaced by {@code is}; {@code §} stands for a comma, {@code @} for the folder. */
    @ParameterizedTest(name = "{1} -> {2}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    connections: 10 ~ connection: 10 ~ 6: load.wrk.connection: unknown key (did you mean "connections"?); accepted: threads, connections, duration, script, timeout
                    name: a ~ Name: a ~ 1: Name: unknown key (did you mean "name"?); accepted: name, manifests, autoscaler, target, load, images, timeouts, expect
                    name: a ~ name: 'a b' ~ 1: name: found "a b"; it takes a name of at most 63 letters, digits, ".", "_" or "-", beginning with a letter or digit
                    name: a ~ name: ../a ~ 1: name: found "../a"; it takes a name of at most 63 letters, digits, ".", "_" or "-", beginning with a letter or digit
                    name: a ~ name: ~ 1: name: found nothing; it takes a name of at most 63 letters, digits, ".", "_" or "-", beginning with a letter or digit
                    duration: 90s ~ duration: 90 ~ 6: load.wrk.duration: found "90"; it takes a duration of whole seconds with its unit (s, m, h), such as 90s, from 1s to 24h
                    duration: 90s ~ duration: 90 seconds ~ 6: load.wrk.duration: found "90 seconds"; it takes a duration of whole seconds with its unit (s, m, h), such as 90s, from 1s to 24h
                    duration: 90s ~ duration: 1500ms ~ 6: load.wrk.duration: found "1500ms"; it takes a duration of whole seconds with its unit (s, m, h), such as 90s, from 1s to 24h
                    duration: 90s ~ duration: 0s ~ 6: load.wrk.duration: found "0s"; it takes a duration of whole seconds with its unit (s, m, h), such as 90s, from 1s to 24h
                    connections: 10 ~ connections: many ~ 6: load.wrk.connections: found "many"; it takes a whole number from 1 to 1000000
                    connections: 10 ~ connections: 10.5 ~ 6: load.wrk.connections: found "10.5"; it takes a whole number from 1 to 1000000
                    connections: 10 ~ connections: "10" ~ 6: load.wrk.connections: found the text "10"; it takes a whole number from 1 to 1000000, without quotes
                    connections: 10 ~ connections: [10] ~ 6: load.wrk.connections: found a list; it takes a whole number from 1 to 1000000
                    threads: 2 ~ threads: 20 ~ 6: load.wrk.threads: found 20, more than connections, which is 10; each thread needs one at least
                    connections: 10§ duration: 90s§ ~ duration: 90s§ ~ 6: load.wrk.connections: is missing; it takes a whole number from 1 to 1000000
                    minReplicas: 1§ maxReplicas: 3 ~ minReplicas: 4§ maxReplicas: 3 ~ 3: autoscaler.minReplicas: found 4, more than maxReplicas, which is 3
                    minReplicas: 1§ maxReplicas: 3 ~ maxReplicas: 1 ~ 3: autoscaler.maxReplicas: found 1, but HorizontalPodAutoscaler/api in @/m/all.yaml has minReplicas 2
                    minReplicas: 1§ maxReplicas: 3 ~ minReplicas: 9 ~ 3: autoscaler.minReplicas: found 9, but HorizontalPodAutoscaler/api in @/m/all.yaml has maxReplicas 4
                    service: api ~ service: apy ~ 4: target.service: found "apy" (did you mean "api"?); Services in the manifests: api
                    path: /predict ~ path: predict ~ 4: target.path: found "predict"; it takes a path that begins with "/", without spaces
                    manifests: m ~ manifests: n ~ 2: manifests: found "n", but there is no @/n (did you mean "m"?)
                    manifests: m ~ manifests: [] ~ 2: manifests: is empty; it takes the path of a file or folder, relative to this file, or a list of such
                    script: post.lua ~ script: posts.lua ~ 6: load.wrk.script: found "posts.lua", but there is no @/posts.lua (did you mean "post.lua"?)
                    script: post.lua ~ script: m ~ 6: load.wrk.script: found "m", but @/m is a folder; it takes the path of a file, relative to this file
                    verdict: scaled ~ verdict: scald ~ 8: expect.verdict: found "scald" (did you mean "scaled"?); accepted: bottleneck-max-replicas, contested, crashing, held, inconclusive, invalid, metrics-missing, not-ready, not-scaled, scaled, scaled-too-late, scaled-without-gain, target-unreachable, unready-under-load, unschedulable
                    http_req_failed: ~ http_req_fail: ~ 10: expect.thresholds.http_req_fail: unknown (did you mean "http_req_failed"?); accepted: http_req_duration, http_req_failed, http_reqs, replicas
                    ['rate<0.001'] ~ 'rate<0.001' ~ 10: expect.thresholds.http_req_failed: found "rate<0.001"; it takes a list, each entry a threshold in k6's notation, such as 'p(99)<500'
                    ['rate<0.001'] ~ 5 ~ 10: expect.thresholds.http_req_failed: found "5"; it takes a list, each entry a threshold in k6's notation, such as 'p(99)<500'
                    ['rate<0.001'] ~ {rate: 0} ~ 10: expect.thresholds.http_req_failed: found a mapping; it takes a list, each entry a threshold in k6's notation, such as 'p(99)<500'
                    rate<0.001 ~ rate<1 % ~ 10: expect.thresholds.http_req_failed: found "rate<1 %"; it takes one of rate, then one of < <= > >= == !=, then a number without unit (share of requests that failed, 0 to 1), such as 'rate<0.001'
                    rate<0.001 ~ rate<5 ~ 10: expect.thresholds.http_req_failed: found "rate<5"; the share of failed requests is from 0 to 1, so 1 % is 0.01
                    rate<0.001 ~ count<5 ~ 10: expect.thresholds.http_req_failed: found "count<5", but http_req_failed has no "count"; it takes one of rate, then one of < <= > >= == !=, then a number without unit (share of requests that failed, 0 to 1), such as 'rate<0.001'
                            wrk: {threads: 2§ connections: 10§ duration: 90s§ script: post.lua} ~ rate: {rate: 200§ connections: 10§ duration: 90s} ~ 6: load.rate.rate: found "200"; it takes a rate such as 200/s (units: s, m, h), more than 0 and at most 10000000/s
                    wrk: {threads: 2§ connections: 10§ duration: 90s§ script: post.lua} ~ k6: {} ~ 6: load.k6: unknown key; accepted: wrk, rate, where, pods, image, cpu
                    target: {service: api§ path: /predict} ~ target: api ~ 4: target: found "api"; it takes a mapping with the keys service, path
                    """)
    void saysWhereAndWhat(String was, String is, String message) throws IOException {
        String changed = GOOD.replace(was.replace('§', ','), is.replace('§', ','));
        assertThat(changed).isNotEqualTo(GOOD);
        Path file = write("e.yaml", changed);
        assertThat(problems(file))
                .containsExactly(file + ":" + message.replace("@", folder.toString()));
    }

    /** {@code is} is a mapping's content beside {@code wrk}. */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    where: pods ~ 5: load.where: found "pods"; accepted: local, cluster
                    pods: 2 ~ 5: load.pods: is of a load from inside the cluster; add where: cluster, or leave it out
                    where: local§ cpu: 1 ~ 5: load.cpu: is of a load from inside the cluster; add where: cluster, or leave it out
                    where: cluster§ cpu: a lot ~ 5: load.cpu: found "a lot"; it takes CPUs as Kubernetes writes them, such as 500m or 2
                    where: cluster§ pods: 0 ~ 5: load.pods: found "0"; it takes a whole number from 1 to 1000
                    where: cluster§ pods: 6 ~ 5: load.pods: found 6; of 10 connections each would get 1, fewer than its 2 threads
                    where: cluster§ rate: {rate: 1/s§ connections: 1§ duration: 1s} ~ 5: load: found rate and wrk; it takes exactly one of wrk, rate
                    """)
    void saysWhatIsWrongWithWhereALoadIsFrom(String is, String message) throws IOException {
        String changed =
                GOOD.replace("load:\n  wrk: {", "load: {" + is.replace('§', ',') + ",\n  wrk: {")
                        .replace("script: post.lua}", "script: post.lua}}");
        Path file = write("e.yaml", changed);
        assertThat(problems(file)).containsExactly(file + ":" + message);
    }

    @Test
    void aScriptThatIsTooLongForPods() throws IOException {
        Files.writeString(folder.resolve("post.lua"), "-".repeat(70_000));
        Path file = write("e.yaml", GOOD.replace("load:\n", "load:\n  where: cluster\n"));
        assertThat(problems(file))
                .containsExactly(
                        file
                                + ":7: load.wrk.script: "
                                + folder.resolve("post.lua")
                                + " is longer than 64 KiB, which is what can be handed to pods; shorten it, or send the load from here (where: local)");
    }

    @Test
    void aLoadFromPodsIsGood() throws Exception {
        String from = "load:\n  where: cluster\n  pods: 5\n  cpu: 0.5\n";
        Experiment experiment =
                ExperimentReader.read(List.of(write("e.yaml", GOOD.replace("load:\n", from))))
                        .getFirst();
        assertThat(experiment.pods())
                .isEqualTo(new Experiment.Pods(5, Experiment.Pods.ownImage(), "0.5"));
    }

    @Test
    void aKeyThatStandsTwice() throws IOException {
        Path file = write("e.yaml", "name: b\n" + GOOD);
        assertThat(problems(file))
                .containsExactly(file + ":2: name: stands twice; first on line 1");
    }

    /** Not that of its value, which begins below it. */
    @Test
    void theLineIsThatOfTheKey() throws IOException {
        Path file =
                write(
                        "e.yaml",
                        GOOD.replace(
                                "autoscaler: {minReplicas: 1, maxReplicas: 3}",
                                "autoscalar:\n\n  minReplicas: 1"));
        assertThat(problems(file))
                .singleElement()
                .asString()
                .startsWith(file + ":3: autoscalar: unknown key (did you mean \"autoscaler\"?)");
        file =
                write(
                        "e.yaml",
                        GOOD.replace(
                                "  wrk:",
                                "  rate: {rate: 1/s, connections: 1, duration: 1s}\n  wrk:"));
        assertThat(problems(file))
                .containsExactly(
                        file + ":5: load: found rate and wrk; it takes exactly one of wrk, rate");
        file = write("e.yaml", GOOD.replace("wrk: {threads: 2,", "wrk:\n    {").replace("{ ", "{"));
        assertThat(problems(file))
                .containsExactly(
                        file
                                + ":6: load.wrk.threads: is missing; it takes a whole number from 1 to 1024");
    }

    @Test
    void theGoodOneIsGood() throws Exception {
        assertThat(ExperimentReader.read(List.of(write("e.yaml", GOOD)))).hasSize(1);
    }

    @Test
    void everythingWrongIsSaidAtOnce() throws IOException {
        Path file =
                write(
                        "e.yaml",
                        GOOD.replace("90s", "90")
                                .replace("scaled", "grown")
                                .replace("threads", "thread"));
        assertThat(problems(file)).hasSize(3).allMatch(p -> p.startsWith(file + ":"));
    }

    @Test
    void brokenYamlNamesLineAndColumn() throws IOException {
        Path file = write("e.yaml", "name: a\nload: {wrk: [}\n");
        assertThat(problems(file))
                .singleElement()
                .asString()
                .startsWith(file + ":2: is no YAML: ")
                .endsWith("at column 14");
    }

    @Test
    void anAliasOfNothingAndAKeyThatIsNoText() throws IOException {
        Path file = write("e.yaml", "name: *b\n");
        assertThat(problems(file))
                .containsExactly(file + ":1: is no YAML: found undefined alias b, at column 7");
        file = write("e.yaml", GOOD + "? {a: b}\n: c\n");
        assertThat(problems(file)).containsExactly(file + ":11: holds a key that is no text");
        Path extra = Files.writeString(folder.resolve("m/extra.yaml"), "a: b\n? [c]\n: d\n");
        assertThat(problems(write("e.yaml", GOOD)))
                .contains(extra + ":2: holds a key that is no text");
    }

    /** A stack is not what ends it. */
    @Test
    void nestedTooDeeply() throws IOException {
        Path file = write("deep.yaml", "name: a\nload: " + "[".repeat(20_000));
        assertThat(problems(file))
                .containsExactly(file + ":2: is nested too deeply: there may be 100 levels");
    }

    @Test
    void missingAndUnreadableFiles() throws IOException {
        Path missing = folder.resolve("none.yaml");
        assertThat(problems(missing))
                .containsExactly(missing + ": can't be read: no such file or folder");
        Path binary = folder.resolve("b.yaml");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(problems(binary)).containsExactly(binary + ":1: is not UTF-8 text");
        Path latin = folder.resolve("l.yaml");
        Files.writeString(latin, "name: a\n# m\u00fcde\n", StandardCharsets.ISO_8859_1);
        assertThat(problems(latin)).containsExactly(latin + ":2: is not UTF-8 text");
        Path control = write("c.yaml", "name: a\nload: \0\n");
        assertThat(problems(control))
                .containsExactly(
                        control
                                + ":2: is no YAML: it holds the character U+0000, which no text has");
        assertThat(problems(folder)).containsExactly(folder + ": is a folder; a file is needed");
        Path empty = write("empty.yaml", "");
        assertThat(problems(empty))
                .containsExactly(
                        empty
                                + ": found nothing; an experiment file is one YAML document, a mapping with the keys name, manifests, autoscaler, target, load, images, timeouts, expect");
    }

    @Test
    void twoOfOneName() throws IOException {
        Path one = write("one.yaml", GOOD);
        Path two = write("two.yaml", "# other\n" + GOOD);
        assertThat(problems(one, two))
                .containsExactly(
                        two
                                + ":2: name: found \"a\", which is also the name of "
                                + one
                                + ":1; experiments of one run need different names");
    }

    @Test
    void aliasesThatExplodeAreRefused() throws IOException {
        StringBuilder bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
        for (char c = 'b'; c < 'k'; c++) {
            char before = (char) (c - 1);
            bomb.append(c).append(": &").append(c).append(" [");
            bomb.append(("*" + before + ",").repeat(9)).append("*").append(before).append("]\n");
        }
        String words = ":7: has too many aliases: there may be 50 of lists and mappings";
        Path manifest =
                Files.writeString(
                        folder.resolve("m/bomb.yaml"),
                        bomb + "kind: x\napiVersion: v1\nmetadata: {name: x}\n");
        assertThat(problems(write("e.yaml", GOOD))).containsExactly(manifest + words);
        Path experiment = write("bomb.yaml", bomb.toString());
        assertThat(problems(experiment)).containsExactly(experiment + words);
    }

    @Test
    void whatHoldsItselfIsRefused() throws IOException {
        Path file = write("e.yaml", "name: a\nload: &l\n  wrk: [*l]\n");
        assertThat(problems(file))
                .containsExactly(file + ":3: holds itself: *l stands inside of &l");
    }

    /** Aliases of texts multiply nothing. */
    @Test
    void manyAliasesOfTexts() throws Exception {
        String command = "[&i i" + ", *i".repeat(100) + "]";
        Files.writeString(
                folder.resolve("m/all.yaml"),
                MANIFESTS.replace("image: i", "image: i, command: " + command));
        assertThat(ExperimentReader.read(List.of(write("e.yaml", GOOD)))).hasSize(1);
    }

    @Test
    void manifestsThatAreNone() throws IOException {
        Path extra = folder.resolve("m/extra.yaml");
        Path file = write("e.yaml", GOOD);
        Files.writeString(extra, "- a\n");
        assertThat(problems(file))
                .containsExactly(
                        extra
                                + ":1: is no Kubernetes object: it takes a mapping with apiVersion, kind and metadata.name");
        Files.writeString(extra, "kind: Service\nmetadata: {name: x}\n");
        assertThat(problems(file))
                .containsExactly(extra + ":1: apiVersion: is missing: it is no Kubernetes object");
        Files.writeString(extra, "apiVersion: v1\nkind: Service\nmetadata: {name: api}\n");
        assertThat(problems(file))
                .containsExactly(
                        extra
                                + ":1: Service/api stands twice; first in "
                                + folder
                                + "/m/all.yaml:10");
        Files.writeString(extra, "apiVersion: v1\nkind: Service\nkind: Pod\nmetadata: {name: x}\n");
        assertThat(problems(file)).containsExactly(extra + ":3: kind: stands twice");
    }

    @Test
    void aServiceThatLeadsNowhere() throws IOException {
        Path manifests = folder.resolve("m/all.yaml");
        Files.writeString(
                manifests, MANIFESTS.replace("selector: {app: api}", "selector: {app: apy}"));
        Path file = write("e.yaml", GOOD);
        assertThat(problems(file))
                .containsExactly(
                        file
                                + ":4: target.service: found \"api\", whose selector {\"app\":\"apy\"} matches the pod labels of no Deployment, StatefulSet or ReplicaSet in the manifests");
    }

    @Test
    void aServiceThatLeadsToAKindThatIsMisspelt() throws IOException {
        Path manifests = folder.resolve("m/all.yaml");
        Files.writeString(
                manifests, MANIFESTS.replace("kind: Deployment\nm", "kind: Deploymnt\nm"));
        Path file = write("e.yaml", GOOD);
        assertThat(problems(file))
                .containsExactly(
                        file
                                + ":4: target.service: found \"api\", whose selector {\"app\":\"api\"} matches the pod labels of no Deployment, StatefulSet or ReplicaSet in the manifests; those of Deploymnt/api in "
                                + manifests
                                + ":1 it does match");
    }

    @Test
    void boundsForAnAutoscalerOfAnother() throws IOException {
        Path manifests = folder.resolve("m/all.yaml");
        Files.writeString(
                manifests,
                MANIFESTS.replace("kind: Deployment, name: api", "kind: Deployment, name: apy"));
        Path file = write("e.yaml", GOOD);
        assertThat(problems(file))
                .containsExactly(
                        file
                                + ":3: autoscaler: sets bounds, but no HorizontalPodAutoscaler in the manifests targets Deployment/api; HorizontalPodAutoscaler/api in "
                                + manifests
                                + ":15 targets Deployment/apy; add one, or leave this key out");
    }

    @Test
    void boundsWithoutAnAutoscaler() throws IOException {
        Path manifests = folder.resolve("m/all.yaml");
        Files.writeString(manifests, MANIFESTS.substring(0, MANIFESTS.lastIndexOf("---")));
        Path file = write("e.yaml", GOOD);
        assertThat(problems(file))
                .containsExactly(
                        file
                                + ":3: autoscaler: sets bounds, but no HorizontalPodAutoscaler in the manifests targets Deployment/api; add one, or leave this key out");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    }

    private static List<String> problems(Path... files) {
        ExperimentException e =
                catchThrowableOfType(
                        ExperimentException.class, () -> ExperimentReader.read(List.of(files)));
        return e.problems().stream().map(Object::toString).toList();
    }
}
