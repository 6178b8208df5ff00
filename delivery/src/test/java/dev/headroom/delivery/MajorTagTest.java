package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step of release.yml that moves the major tag, by bash, with a {@code gh} whose releases and tags are lines of files and that takes exactly the calls it should get. */
@SuppressWarnings("NullAway.Init")
class MajorTagTest {
    private static final String GH =
            """
            #!/bin/bash
            tag() { sed -i "\\,^$1 ,d" tags; echo "$1 $2" >>tags; }
            case "$*" in
              "release list --repo owner/name --exclude-drafts --exclude-pre-releases --limit 1000 --json tagName --jq .[].tagName")
                cat releases ;;
              "api --silent repos/owner/name/git/ref/tags/v1")
                grep -q '^v1 ' tags ;;
              "api --silent --method PATCH repos/owner/name/git/refs/tags/v1 --raw-field sha="*" --field force=true")
                grep -q '^v1 ' tags && tag v1 "${7#sha=}" ;;
              "api --silent --method POST repos/owner/name/git/refs --raw-field ref=refs/tags/v1 --raw-field sha="*)
                ! grep -q '^v1 ' tags && tag v1 "${9#sha=}" ;;
              *)
                echo "unexpected: $*"; exit 64 ;;
            esac
            """;

    @TempDir private Path folder;

    @BeforeEach
    void stand() throws Exception {
        Path gh = Files.writeString(folder.resolve("gh"), GH);
        Files.setPosixFilePermissions(gh, PosixFilePermissions.fromString("rwx------"));
        Files.createFile(folder.resolve("tags"));
        Files.createFile(folder.resolve("releases"));
    }

    private static Workflow.Step step() {
        return Workflow.read(Repository.HOME.resolve(".github/workflows/release.yml"))
                .steps()
                .stream()
                .filter(s -> s.job().equals("major"))
                .findFirst()
                .orElseThrow();
    }

    /** Publishes the version, and runs the step after it. */
    private void release(String version, String commit) throws Exception {
        Files.writeString(
                folder.resolve("releases"),
                version + "\n" + Files.readString(folder.resolve("releases")));
        again(version, commit);
    }

    private void again(String version, String commit) throws Exception {
        Path script = Files.writeString(folder.resolve("step.sh"), step().run());
        ProcessBuilder builder =
                new ProcessBuilder(
                        "bash", "--noprofile", "--norc", "-eo", "pipefail", script.toString());
        builder.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
        builder.environment().put("GITHUB_REF_NAME", version);
        builder.environment().put("GITHUB_REPOSITORY", "owner/name");
        builder.environment().put("GITHUB_SHA", commit);
        Path output = folder.resolve("output");
        Process process =
                builder.directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    private List<String> tags() throws Exception {
        return Files.readAllLines(folder.resolve("tags"));
    }

    @Test
    void followsTheReleasesOfItsMajor() throws Exception {
        release("v1.0.0", "a");
        assertThat(tags()).containsExactly("v1 a");
        release("v1.0.10", "b");
        release("v1.1.0", "c");
        assertThat(tags()).containsExactly("v1 c");
        again("v1.1.0", "c");
        assertThat(tags()).containsExactly("v1 c");
    }

    /** Neither a fix of an older version moves it back, nor is a version of another major in its way. */
    @Test
    void isNotMovedBack() throws Exception {
        Files.writeString(folder.resolve("releases"), "v10.0.0\nv2.3.4\nv1.9.0-rc.1\n");
        release("v1.9.0", "a");
        release("v1.10.0", "b");
        release("v1.9.1", "c");
        assertThat(tags()).containsExactly("v1 b");
    }

    /** Where anything before it failed it does not run, and it may do nothing but write references. */
    @Test
    void comesLastWithNoOtherRight() {
        var job =
                Workflow.read(Repository.HOME.resolve(".github/workflows/release.yml"))
                        .root()
                        .path("jobs")
                        .path("major");
        assertThat(job.path("needs").asString("")).isEqualTo("release");
        assertThat(job.path("if").asString("")).doesNotContain("always()", "failure()");
        assertThat(job.path("permissions").toString()).isEqualTo("{\"contents\":\"write\"}");
    }
}
