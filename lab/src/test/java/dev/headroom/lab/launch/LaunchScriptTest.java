package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./headroom} itself, in a checkout whose wrapper and whose JDK only write down how they were called. */
@Timeout(60)
class LaunchScriptTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir Path temporary = Path.of("");
    private Path home = Path.of("");
    private Path jdk = Path.of("");
    private Path calls = Path.of("");

    /** What a start is started by. */
    private List<String> prefix = List.of();

    @BeforeEach
    void checkout() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a POSIX shell");
        home = temporary.resolve("a checkout with ünïcode");
        calls = temporary.resolve("calls");
        for (String module : "autoscaler cluster iris-api iris-training lab".split(" ")) {
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            Files.writeString(home.resolve(module).resolve("pom.xml"), "");
        }
        Files.writeString(home.resolve("pom.xml"), "");
        Files.createDirectories(home.resolve(".mvn"));
        for (String file : List.of("headroom", ".mvn/find-jdk.sh")) {
            executable(home.resolve(file), Files.readString(PROJECT.resolve(file)));
        }
        executable(
                home.resolve("mvnw"),
                """
                #!/bin/sh
                echo mvnw >>"%s"
                cat "%s.wait" 2>/dev/null
                mkdir -p "${0%%/*}/lab/target/program" && echo jar >"${0%%/*}/lab/target/program/lab-0.1.0-SNAPSHOT.jar"
                echo jar >"${0%%/*}/lab/target/program/other.jar"
                [ ! -e "%s.fail" ] || { echo '[ERROR] it is broken'; exit 1; }
                """
                        .formatted(calls, calls, calls));
        executable(
                home.resolve("iris-api/serve"), "#!/bin/sh\necho serve \"$@\" >>'" + calls + "'\n");
        jdk = jdk("the jdk");
        for (Path file : List.of(home.resolve("pom.xml"), home.resolve("lab/src/main"))) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
        }
    }

    /** Its java writes the cache that it is asked to make, and else prints its arguments. */
    private Path jdk(String name) throws IOException {
        Path made = temporary.resolve(name);
        executable(made.resolve("bin/javac"), "#!/bin/sh\n");
        executable(
                made.resolve("bin/java"),
                """
                #!/bin/sh
                for a; do
                  case "$a" in -XX:AOTCacheOutput=*) echo cache >>'%s'; echo cache >"${a#*=}"; exit ;; esac
                done
                for a; do echo "$a"; done
                """
                        .formatted(calls));
        Files.writeString(made.resolve("release"), "JAVA_VERSION=\"25.0.4\"\n");
        return made;
    }

    private static void executable(Path file, String text) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Outcome(int exitCode, List<String> output, String errors) {}

    private Process start(Path script, Map<String, String> environment, Path errors, String... more)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(script.toString());
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HEADROOM_"));
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        return builder.redirectError(errors.toFile()).start();
    }

    private Outcome outcome(Process process, Path errors) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output.lines().toList(), Files.readString(errors));
    }

    private Outcome run(Path script, Map<String, String> environment, String... more)
            throws Exception {
        Path errors = temporary.resolve("errors.txt");
        return outcome(start(script, environment, errors, more), errors);
    }

    private Outcome run(String... more) throws Exception {
        return run(home.resolve("headroom"), Map.of(), more);
    }

    private List<String> calls() throws IOException {
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private static final List<String> ONE_BUILD =
            List.of("mvnw", "serve --prepare packaged", "cache");

    @Test
    void buildsOnceAndStartsTheProgram() throws Exception {
        Outcome first = run("run", "an experiment.yaml");
        Outcome second = run("--help");

        assertThat(first.exitCode()).as(first.errors()).isZero();
        assertThat(first.errors()).startsWith("headroom: building (the first time takes ");
        assertThat(first.output())
                .contains(
                        "-Dheadroom.home=" + home,
                        "-XX:AOTCache=" + home + "/lab/target/program/headroom.aot",
                        home
                                + "/lab/target/program/lab-0.1.0-SNAPSHOT.jar:"
                                + home
                                + "/lab/target/program/other.jar")
                .endsWith("dev.headroom.lab.cli.Main", "run", "an experiment.yaml");
        assertThat(second.errors()).isEmpty();
        assertThat(second.output()).endsWith("--help");
        assertThat(calls()).isEqualTo(ONE_BUILD);
    }

    @Test
    void throughASymbolicLinkOnThePath() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("hr"), home.resolve("headroom"));
        assertThat(run(link, Map.of()).output()).contains("-Dheadroom.home=" + home);
    }

    @Test
    void buildsAgainWhenASourceIsNewerOrGone() throws Exception {
        run();
        Path source = Files.writeString(home.resolve("cluster/src/main/A.java"), "");
        run();
        assertThat(calls()).hasSize(6);
        run();
        assertThat(calls()).hasSize(6);
        // Its folder's own time tells.
        Files.delete(source);
        run();
        assertThat(calls()).hasSize(9);
    }

    @Test
    void startsAtOnceBuildOnce() throws Exception {
        startsAtOnceBuildOnce(Map.of());
    }

    @Test
    void startsAtOnceBuildOnceWithoutFlock() throws Exception {
        Path bin = Files.createDirectory(temporary.resolve("bin"));
        for (String tool :
                "sh cat mkdir rm mv touch find head tail dirname readlink sleep env uname grep kill"
                        .split(" ")) {
            Path found =
                    Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                            .map(f -> Path.of(f, tool))
                            .filter(Files::isExecutable)
                            .findFirst()
                            .orElse(null);
            if (found != null) {
                executable(bin.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
            }
        }
        startsAtOnceBuildOnce(Map.of("PATH", bin.toString()));
    }

    private void startsAtOnceBuildOnce(Map<String, String> environment) throws Exception {
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(
                    start(
                            home.resolve("headroom"),
                            environment,
                            temporary.resolve("errors-" + i),
                            "--help"));
        }
        for (int i = 0; i < all.size(); i++) {
            Outcome outcome = outcome(all.get(i), temporary.resolve("errors-" + i));
            assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
            assertThat(outcome.output()).endsWith("--help");
        }
        assertThat(calls()).isEqualTo(ONE_BUILD);
    }

    @Test
    void aBuildThatFailsSaysWhyAndIsTriedAgain() throws Exception {
        Path fail = Files.writeString(temporary.resolve("calls.fail"), "");
        Outcome failed = run();
        assertThat(failed.exitCode()).isEqualTo(4);
        assertThat(failed.output()).isEmpty();
        assertThat(failed.errors())
                .contains("[ERROR] it is broken")
                .endsWith(
                        "headroom: the build failed; the whole log is "
                                + home
                                + "/target/build.log\n");
        Files.delete(fail);
        assertThat(run().exitCode()).isZero();
    }

    @Test
    void neverBuildsWhereItMayNot() throws Exception {
        Map<String, String> no = Map.of("HEADROOM_BUILD", "no");
        Outcome nothing = run(home.resolve("headroom"), no);
        assertThat(nothing.exitCode()).isEqualTo(4);
        assertThat(nothing.errors())
                .isEqualTo(
                        "headroom: "
                                + home
                                + "/lab/target/program/lab-0.1.0-SNAPSHOT.jar is not there, and HEADROOM_BUILD=no forbids to build it\n");
        run();
        Files.writeString(home.resolve("lab/src/main/New.java"), "");
        assertThat(run(home.resolve("headroom"), no).exitCode()).isZero();
        assertThat(calls()).isEqualTo(ONE_BUILD);
    }

    /** Only the start-up cache is bound to the JVM and to the place; what was compiled is not. */
    @Test
    void anotherJdkAndAnotherPlaceNeedOnlyAnotherCache() throws Exception {
        run();
        Path other = jdk("another jdk");
        assertThat(run(home.resolve("headroom"), Map.of("JAVA_HOME", other.toString())).exitCode())
                .isZero();
        assertThat(calls()).containsExactly("mvnw", "serve --prepare packaged", "cache", "cache");
        Path moved = Files.move(home, temporary.resolve("moved"));
        assertThat(run(moved.resolve("headroom"), Map.of()).output())
                .contains("-XX:AOTCache=" + moved + "/lab/target/program/headroom.aot");
        assertThat(calls()).hasSize(5);
    }

    @Test
    void aReadOnlyCheckoutRunsWhatIsThere() throws Exception {
        run();
        String[] parts = {"lab/target/program", "lab/target", "target", "."};
        for (String part : parts) {
            permit(part, "r-xr-xr-x");
        }
        bindPermissions();
        try {
            assertThat(run("--help").errors()).isEmpty();
            Path other = jdk("another jdk");
            Outcome slower =
                    run(home.resolve("headroom"), Map.of("JAVA_HOME", other.toString()), "--help");
            assertThat(slower.exitCode()).as(slower.errors()).isZero();
            assertThat(slower.output()).noneMatch(a -> a.startsWith("-XX:AOTCache"));
            Files.writeString(home.resolve("lab/src/main/New.java"), "");
            Outcome stale = run("--help");
            assertThat(stale.exitCode()).isEqualTo(4);
            assertThat(stale.errors()).startsWith("headroom: can't write to " + home);
        } finally {
            for (String part : parts) {
                permit(part, "rwxr-xr-x");
            }
        }
    }

    /** They do not bind root: as root, starts are somebody else's from here on. */
    private void bindPermissions() throws IOException {
        if (!Files.isWritable(home)) {
            return;
        }
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "permissions do not bind root");
        prefix = List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(calls, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    private void permit(String part, String permissions) throws IOException {
        Files.setPosixFilePermissions(
                home.resolve(part), PosixFilePermissions.fromString(permissions));
    }

    /** The build is ended with the script, and the next start builds again. */
    @Test
    void stoppedWhileItBuilds() throws Exception {
        Path wait = temporary.resolve("calls.wait");
        assertThat(new ProcessBuilder("mkfifo", wait.toString()).start().waitFor()).isZero();
        Process process =
                start(home.resolve("headroom"), Map.of(), temporary.resolve("errors"), "--help");
        Program.await(
                "the build",
                () ->
                        process.descendants()
                                .anyMatch(p -> p.info().command().orElse("").endsWith("/cat")));
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        // The wrapper's own child goes when its wrapper is gone and nobody writes to it.
        Files.writeString(wait, "");
        Program.await("its children to end", () -> all.stream().noneMatch(ProcessHandle::isAlive));
        Files.delete(wait);
        Files.deleteIfExists(calls);
        assertThat(run().exitCode()).isZero();
        assertThat(calls()).isEqualTo(ONE_BUILD);
    }
}
