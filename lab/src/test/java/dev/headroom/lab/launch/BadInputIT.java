package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong input, given to the program as it is packaged: what it says of it, exit code 2, and no trace of a run. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class BadInputIT {
    @TempDir private Path folder;
    private Program program;
    private SmallService service;

    @BeforeEach
    void write() throws IOException {
        program = new Program(folder);
        service = SmallService.in(program.workingDirectory());
        service.experiment("9s");
    }

    @AfterEach
    void endAll() {
        if (program != null) {
            program.endAll();
        }
    }

    private void assertRefused(List<String> arguments, String... messages) throws Exception {
        Program.Run run = program.run(arguments.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.printed()).isEqualTo(2);
        assertThat(run.printed())
                .contains(messages)
                .doesNotContain("\tat ", "a fault of the program");
        assertThat(program.workingDirectory().resolve("runs")).doesNotExist();
        program.assertNothingIsLeft();
    }

    /** Every kind of mistake in one file, said in one go: the words themselves are held in BadExperimentsTest. */
    @Test
    void everyMistakeOfAFileWithItsLine() throws Exception {
        service.write(
                """
                name: small
                manifests: manifest
                autoscaler: {minReplicas: 3, maxReplicas: 1}
                target: {service: web, path: index}
                load:
                  wrk: {threads: 1, connections: 4, duration: 9}
                expect:
                  verdict: scald
                  thresholds:
                    http_req_fail: ['rate<0.1']
                nme: x
                """);
        assertRefused(
                List.of("run", "small.yaml"),
                "small.yaml:2: manifests: found \"manifest\", but there is no ",
                "(did you mean \"manifests\"?)",
                "small.yaml:4: target.path: found \"index\"; it takes a path that begins with \"/\"",
                "small.yaml:6: load.wrk.duration: found \"9\"; it takes a duration",
                "small.yaml:8: expect.verdict: found \"scald\" (did you mean \"scaled\"?)",
                "small.yaml:10: expect.thresholds.http_req_fail: unknown (did you mean \"http_req_failed\"?)",
                "small.yaml:11: nme: unknown key (did you mean \"name\"?)");
    }

    @Test
    void filesThatAreNone() throws Exception {
        Path work = program.workingDirectory();
        Files.writeString(work.resolve("empty.yaml"), "");
        Files.write(work.resolve("binary.yaml"), new byte[] {0x7f, 'E', 'L', 'F', 0, 1, 2, 3});
        Files.writeString(work.resolve("latin.yaml"), "name: müde\n", StandardCharsets.ISO_8859_1);
        Files.writeString(work.resolve("broken.yaml"), "name: [small\nload: }\n");
        Files.writeString(work.resolve("twice.yaml"), "name: a\nname: b\n");
        Files.writeString(work.resolve("two.yaml"), "name: a\n---\nname: b\n");
        Files.writeString(work.resolve("large.yaml"), "# much\n".repeat(1_000_000));
        StringBuilder bomb = new StringBuilder("name: &a0 [x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("k").append(i).append(": &a").append(i).append(" [*a").append(i - 1);
            bomb.append(", *a").append(i - 1).append("]\n");
        }
        Files.writeString(work.resolve("bomb.yaml"), bomb);
        List<String> arguments = new ArrayList<>(List.of("run", "none.yaml", "manifests"));
        for (String name : "empty binary latin broken twice two large bomb".split(" ")) {
            arguments.add(name + ".yaml");
        }
        assertRefused(
                arguments,
                "none.yaml: can't be read: no such file or folder",
                "manifests: is a folder; a file is needed",
                "empty.yaml: found nothing; an experiment file is one YAML document",
                "binary.yaml:1: is no YAML: it holds the character U+",
                "latin.yaml:1: is not UTF-8 text",
                "broken.yaml:2: is no YAML: ",
                "twice.yaml:2: name: stands twice; first on line 1",
                "two.yaml:3: found 2 documents",
                "large.yaml: is larger than 4 MiB",
                "bomb.yaml:27: has too many aliases: there may be 50 of lists and mappings");
    }

    @Test
    void aFileThatMayNotBeRead() throws Exception {
        Path file = program.workingDirectory().resolve("small.yaml");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx------"));
        if (Files.isReadable(file)) {
            // Nothing binds root but the kernel's own files.
            Path kernels = Path.of("/proc/self/mem");
            assumeTrue(Files.exists(kernels), "permissions do not bind this user");
            assertRefused(List.of("run", kernels.toString()), kernels + ": can't be read: ");
        } else {
            assertRefused(
                    List.of("run", "small.yaml"), "small.yaml: can't be read: permission denied");
        }
    }

    @Test
    void twoExperimentsOfOneName() throws Exception {
        Path work = program.workingDirectory();
        Files.copy(work.resolve("small.yaml"), work.resolve("other.yaml"));
        assertRefused(
                List.of("run", "small.yaml", "other.yaml"),
                "other.yaml:1: name: found \"small\", which is also the name of small.yaml:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "run                                   | Missing required parameter: 'EXPERIMENT.yaml'",
                "rum small.yaml                        | Unmatched arguments from index 0: 'rum'",
                "run --runs small.yaml                 | Unknown option: '--runs' (did you mean '--runs-dir'?)",
                "run --verbos                          | Unknown option: '--verbos'",
                "run --kep --cpu-scale 0.5             | Unknown option: '--kep' (did you mean '--keep'?)",
                "run --cpu-scale 2 small.yaml          | --cpu-scale: found 2.0; it takes more than 0 and at most 1",
                "run --cpu-scale much small.yaml       | 'much' is not a double",
                "run --keep small.yaml                 | --keep: is for a cluster of your own",
                "run --namespace a small.yaml          | --namespace: is for a cluster of your own",
                "run --kubeconfig none small.yaml      | --kubeconfig: can't read none: no such file",
                "run --sync-period 15 small.yaml       | found \"15\"; it takes a duration such as 15s",
                "judge                                 | Missing required parameter: 'RUN_DIR'",
                "cluster --cpu-scale 0                 | --cpu-scale: found 0.0; it takes more than 0",
                "``                                    | a command is missing"
            })
    void commandLines(String line, String message) throws Exception {
        assertRefused(line.isEmpty() ? List.of() : List.of(line.split(" +")), message);
    }

    @Test
    void aFolderOfRunsThatCantBeWritten() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        // Nothing binds root but the kernel's own folders.
        String parent = Files.isWritable(closed) ? "/sys" : closed.toString();
        Program.Run run = program.run("run", "--runs-dir", parent + "/headroom-runs", "small.yaml");
        assertThat(run.exitCode()).as(run.printed()).isEqualTo(2);
        assertThat(run.printed())
                .containsPattern(
                        "--runs-dir: can't write to "
                                + parent
                                + ": (permission denied|Operation not permitted|Read-only file system)");
        program.assertNothingIsLeft();
    }

    @Test
    void aFolderOfRunsThatIsAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertRefused(
                List.of("run", "--runs-dir=" + file, "small.yaml"),
                "--runs-dir: found " + file + ", which is no folder; it takes a folder");
        assertRefused(
                List.of("run", "--runs-dir=" + file + "/runs", "small.yaml"),
                "--runs-dir: found " + file + "/runs, but " + file + " is no folder");
    }

    /** Kubernetes' own words, from its API server, with the file and the line at which the object begins. */
    @Test
    void whatTheApiServerRefuses() throws Exception {
        service.change(
                service.deployment(), "containers:", "dnsPolicy: Sometimes\n      containers:");
        service.change(service.service(), "port: 80", "port: 80000");
        assertRefused(
                List.of(SmallService.run("small.yaml")),
                "deployment.yaml:1: Deployment/web: Deployment.apps \"web\" is invalid: spec.template.spec.dnsPolicy: Unsupported value: \"Sometimes\"",
                "service.yaml:1: Service/web: Service \"web\" is invalid: spec.ports[0].port: Invalid value: 80000: must be between 1 and 65535, inclusive");
    }

    @Test
    void whatTheSchemaDoesNotKnow() throws Exception {
        service.change(service.deployment(), "replicas: 1", "replica: 1");
        assertRefused(
                List.of(SmallService.run("small.yaml")),
                "deployment.yaml:1: Deployment/web: ",
                ".spec.replica: field not declared in schema");
    }
}
