package dev.headroom.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code headroom cluster} ended in every way there is, while pods that resist run under it: nothing of it remains, and a cluster of the
 * same user beside it notices nothing.
 */
class CrashIT {
    private static Installation installation;
    private static Path room;
    private static ClusterProgram bystander;
    private static String untouched;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc to look for remains in");
        assumeTrue(
                new ProcessBuilder("/usr/bin/env", "--default-signal=INT", "true").start().waitFor()
                        == 0,
                "no env of GNU's coreutils to start programs as from a terminal");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/kubectl")) || onPath(), "no kubectl");
        installation = Installation.make();
        room = installation.room("user");
        bystander = ClusterProgram.start(installation, room, List.of(), Map.of()).ready();
        bystander.kubectl(Pods.MANIFEST, "apply", "-f", "-");
        ClusterProgram.await("the bystander's pods run", () -> Pods.allRun(bystander));
        untouched = Pods.containers(bystander);
    }

    private static boolean onPath() {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }

    @AfterEach
    void theBystanderNoticedNothing() {
        assertThat(Pods.containers(bystander)).isEqualTo(untouched);
    }

    @AfterAll
    static void nothingRemainsAtAll() throws IOException, InterruptedException {
        if (installation == null) {
            return;
        }
        bystander.close();
        assertThat(Remains.files(room.resolve("runtime"))).isEmpty();
        assertThat(Remains.files(room.resolve("temporary"))).isEmpty();
        assertThat(Remains.files(room.resolve("home"))).isEmpty();
        installation.close();
    }

    private static ClusterProgram start() throws IOException {
        return ClusterProgram.start(installation, room, List.of(), Map.of());
    }

    private static ClusterProgram withPods() throws IOException, InterruptedException {
        ClusterProgram program = start().ready();
        program.kubectl(Pods.MANIFEST, "apply", "-f", "-");
        ClusterProgram.await("its pods run", () -> Pods.allRun(program));
        return program;
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aSignalLeavesNothingOnceItHasEnded(String signal)
            throws IOException, InterruptedException {
        try (ClusterProgram program = withPods()) {
            Path folder = program.folder();
            String block = ClusterProgram.block(folder);
            program.signal(signal);
            assertThat(program.exitCode()).isZero();
            assertThat(Remains.of(folder.getFileName().toString(), block)).isEmpty();
            assertThat(folder).doesNotExist();
        }
    }

    /** All of its life, from the first thing it makes to the last that it removes. */
    enum Moment {
        FOLDER_MADE,
        ADDRESS_CLAIMED,
        API_READY,
        APPLIED,
        FIRST_PROCESS_THERE,
        ALL_PODS_RUN,
        A_POD_IS_THROTTLED,
        PODS_END,
        ASKED_TO_STOP,
        ALMOST_GONE
    }

    @ParameterizedTest
    @EnumSource
    void killedAtAnyMomentItsWardenRemovesAll(Moment moment)
            throws IOException, InterruptedException {
        try (ClusterProgram program = start()) {
            ClusterProgram.await("a folder", () -> newFolder() != null);
            Path folder = Objects.requireNonNull(newFolder());
            reach(moment, program, folder);
            String block = ClusterProgram.block(folder);
            program.signal("KILL");
            program.exitCode();
            String id = folder.getFileName().toString();
            ClusterProgram.await(
                    "nothing remains of " + folder,
                    () -> !Files.exists(folder) && Remains.of(id, block).isEmpty());
        }
    }

    private static @Nullable Path newFolder() {
        return ClusterProgram.folders(room).stream()
                .filter(folder -> !folder.equals(bystander.folder()))
                .filter(folder -> !folder.getFileName().toString().startsWith("."))
                .findFirst()
                .orElse(null);
    }

    private static void reach(Moment moment, ClusterProgram program, Path folder)
            throws IOException, InterruptedException {
        String id = folder.getFileName().toString();
        if (moment == Moment.FOLDER_MADE) {
            // The warden is the next thing made; before that there is nothing besides the folder.
            ClusterProgram.await("a warden", () -> !Remains.wardens(id).isEmpty());
            return;
        }
        if (moment == Moment.ADDRESS_CLAIMED) {
            ClusterProgram.await("an address", () -> !ClusterProgram.block(folder).isEmpty());
            return;
        }
        program.ready();
        if (moment == Moment.API_READY) {
            return;
        }
        program.kubectl(Pods.MANIFEST, "apply", "-f", "-");
        switch (moment) {
            case FIRST_PROCESS_THERE ->
                    ClusterProgram.await(
                            "a process of a pod", () -> Remains.processes(id).size() > 1);
            case ALL_PODS_RUN -> ClusterProgram.await("pods run", () -> Pods.allRun(program));
            case A_POD_IS_THROTTLED ->
                    ClusterProgram.await("throttling", () -> Pods.someIsThrottled(program));
            case PODS_END -> {
                ClusterProgram.await("pods run", () -> Pods.allRun(program));
                program.kubectl("", "scale", "deployment", "--all", "--replicas=0");
                ClusterProgram.await("pods end", () -> Pods.someEnds(program));
            }
            case ASKED_TO_STOP, ALMOST_GONE -> {
                ClusterProgram.await("pods run", () -> Pods.allRun(program));
                program.signal("TERM");
                if (moment == Moment.ALMOST_GONE) {
                    ClusterProgram.await(
                            "it ends", () -> !Files.exists(folder.resolve("kubeconfig")));
                }
            }
            default -> {}
        }
    }

    @Test
    void whereTheWardenWasKilledTooTheNextStartRemovesAll()
            throws IOException, InterruptedException {
        try (ClusterProgram program = withPods()) {
            Path folder = program.folder();
            String id = folder.getFileName().toString();
            String block = ClusterProgram.block(folder);
            // In this order, and at once: it would get itself another.
            program.signal("STOP");
            ClusterProgram.kill("KILL", Remains.wardens(id).getFirst(), program.pid());
            program.exitCode();
            assertThat(Remains.processes(id)).as("resisting pods").isNotEmpty();
            try (ClusterProgram next = start().ready()) {
                assertThat(Remains.of(id, block)).isEmpty();
                assertThat(folder).doesNotExist();
                assertThat(next.folder()).exists();
            }
        }
    }

    @Test
    void getsItselfAnotherWarden() throws IOException, InterruptedException {
        try (ClusterProgram program = withPods()) {
            Path folder = program.folder();
            String id = folder.getFileName().toString();
            long first = Remains.wardens(id).getFirst();
            ClusterProgram.kill("KILL", first);
            ClusterProgram.await(
                    "another warden",
                    () -> Remains.wardens(id).stream().anyMatch(pid -> pid != first));
            program.signal("KILL");
            program.exitCode();
            ClusterProgram.await(
                    "nothing remains", () -> !Files.exists(folder) && Remains.of(id, "").isEmpty());
        }
    }

    @Test
    void aPodThatIsKilledIsStartedAgain() throws IOException, InterruptedException {
        try (ClusterProgram program = withPods()) {
            String before = Pods.containers(program);
            String first = before.lines().findFirst().orElseThrow();
            ClusterProgram.kill(
                    "KILL", Long.parseLong(first.substring(first.lastIndexOf('/') + 1)));
            ClusterProgram.await(
                    "the container runs again",
                    () -> Pods.allRun(program) && !Pods.containers(program).contains(first));
        }
    }

    @Test
    void anotherUserWithoutHomeOrRightsRunsItFromAFolderItMayNotWrite()
            throws IOException, InterruptedException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv");
        Path nobodys = installation.room("nobody");
        for (String folder : List.of("runtime", "home", "temporary")) {
            Files.setAttribute(Files.createDirectories(nobodys.resolve(folder)), "unix:uid", 65534);
        }
        List<String> asNobody =
                List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        try (ClusterProgram program =
                ClusterProgram.start(installation, nobodys, asNobody, Map.of("HOME", "")).ready()) {
            program.kubectl(Pods.MANIFEST, "apply", "-f", "-");
            ClusterProgram.await("its pods run", () -> Pods.allRun(program));
            assertThat(program.kubectl("", "get", "nodes", "-o", "yaml"))
                    .contains("headroom.dev/cpu-limits: duty-cycle");
            ClusterProgram.await("throttling", () -> Pods.someIsThrottled(program));
            Path folder = program.folder();
            String block = ClusterProgram.block(folder);
            program.signal("KILL");
            program.exitCode();
            String id = folder.getFileName().toString();
            ClusterProgram.await(
                    "nothing remains",
                    () -> !Files.exists(folder) && Remains.of(id, block).isEmpty());
        }
        assertThat(Remains.files(nobodys.resolve("runtime"))).isEmpty();
        assertThat(Remains.files(nobodys.resolve("temporary"))).isEmpty();
    }
}
