package dev.headroom.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir private Path temporary = Path.of("");
    private Path parent = Path.of("");

    @BeforeEach
    void choose() {
        parent = temporary.resolve("headroom-user");
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** Whether this process holds a lock on a file, as the kernel has it. */
    private static boolean isLocked(Path file) throws IOException {
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        try (Stream<String> locks = Files.lines(Path.of("/proc/locks"))) {
            return locks.anyMatch(line -> line.contains("POSIX") && line.contains(inode));
        }
    }

    /** Not the owner of /proc/self, which is a link of root's: two users must not meet in one folder. */
    @Test
    void theFolderIsTheEffectiveUsers() {
        assertThat(OwnedFolder.effectiveUser(List.of("Name:\tjava", "Uid:\t0\t65534\t0\t0")))
                .isEqualTo(65534);
    }

    @Test
    void isReadableByItsOwnerOnlyAndGoneWhenClosed() throws IOException {
        try (StateDirectory state = StateDirectory.create(parent)) {
            assertThat(state.path().getParent()).isEqualTo(parent);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.path())))
                    .isEqualTo("rwx------");
            Files.createDirectories(state.path().resolve("pods/a/b"));
            Files.writeString(state.path().resolve("pods/a/log"), "x");
        }
        assertThat(parent).doesNotExist();
    }

    @Test
    void aSweepLeavesThoseThatLiveAlone() throws IOException {
        try (StateDirectory one = StateDirectory.create(parent);
                StateDirectory other = StateDirectory.create(parent)) {
            Sweep.run(parent);
            assertThat(entries(parent)).containsExactlyInAnyOrder(one.path(), other.path());
            // Had the sweep so much as opened and closed them, the locks would be gone.
            assertThat(isLocked(one.path().resolve("lock"))).isTrue();
            assertThat(isLocked(other.path().resolve("lock"))).isTrue();
        }
    }

    @Test
    void aSweepRemovesWhatTheDeadHaveLeft() throws Exception {
        Path dead = Files.createDirectories(parent.resolve("dead"));
        Files.writeString(dead.resolve("lock"), "");
        Files.writeString(dead.resolve("kubeconfig"), "");
        Path group = Files.createDirectories(temporary.resolve("group/container")).getParent();
        Files.writeString(dead.resolve("cgroups"), group + "\n");
        Path almostRemoved = Files.createDirectories(parent.resolve("almost"));
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path unfinished = Files.createDirectories(parent.resolve(".new." + ended.pid()));
        Path beingMade =
                Files.createDirectories(parent.resolve(".new." + ProcessHandle.current().pid()));
        ProcessBuilder builder = new ProcessBuilder("sleep", "3600");
        builder.environment().put(StateDirectory.MARK, "dead");
        Process orphan = builder.start();

        Sweep.run(parent);

        assertThat(orphan.waitFor()).isEqualTo(128 + 9);
        assertThat(List.of(dead, almostRemoved, unfinished, group)).noneMatch(Files::exists);
        assertThat(beingMade).exists();
    }

    @Test
    void aWardenRemovesOneThatItIsTold() throws IOException {
        Path dead = Files.createDirectories(parent.resolve("dead"));
        Files.writeString(dead.resolve("lock"), "");
        Sweep.main(new String[] {dead.toString()});
        assertThat(dead).doesNotExist();
        Sweep.main(new String[] {dead.toString()});
    }

    @Test
    void aProcessOnItsWayDoesNotStartInAClusterThatEnds() throws Exception {
        try (StateDirectory state = StateDirectory.create(parent)) {
            assertThat(mayStart(state.path())).isTrue();
            state.startNoMore();
            assertThat(mayStart(state.path())).isFalse();
        }
        assertThat(mayStart(parent.resolve("gone"))).isFalse();
    }

    @Test
    void whoIsInterruptedWhileItIsMadeLeavesNothing() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> StateDirectory.create(parent)).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(parent).doesNotExist();
    }

    @Test
    void whoIsInterruptedWhileItIsRemovedStillRemovesAll() throws IOException {
        Path group = Files.createDirectories(temporary.resolve("group/container")).getParent();
        Path dead = Files.createDirectories(parent.resolve("dead"));
        Files.writeString(dead.resolve("lock"), "");
        Files.writeString(dead.resolve("cgroups"), group + "\n");
        StateDirectory.takeOver(dead, false).orElseThrow().close();
        assertThat(dead).as("a group stands that nothing else tells of").exists();

        StateDirectory state = StateDirectory.takeOver(dead, false).orElseThrow();
        Thread.currentThread().interrupt();
        state.startNoMore();
        state.groups().forEach(Cgroups::removeWithAllIn);
        state.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(List.of(group, dead)).noneMatch(Files::exists);
    }

    private static boolean mayStart(Path folder) throws Exception {
        return new ProcessBuilder("sh", "-c", StateDirectory.mayStart(), "sh", folder.toString())
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void aFolderOfSomebodyElseIsNotUsed() throws IOException {
        Path theirs = Files.createDirectories(temporary.resolve("headroom-123456789"));
        assertThat(OwnedFolder.in(temporary, 123_456_789))
                .isEqualTo(temporary.resolve("headroom-123456789-1"));
        Object own = Files.getAttribute(theirs, "unix:uid");
        Files.createDirectories(temporary.resolve("headroom-" + own));
        assertThat(OwnedFolder.in(temporary, own)).isEqualTo(temporary.resolve("headroom-" + own));
        for (int n = 1; n < 9; n++) {
            Files.createSymbolicLink(temporary.resolve("headroom-123456789-" + n), theirs);
        }
        assertThatThrownBy(() -> OwnedFolder.in(temporary, 123_456_789))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none belongs to this user");
    }

    @Test
    void aRuntimeFolderIsUsedWhereThereIsOne() {
        assertThat(OwnedFolder.base(Map.of("XDG_RUNTIME_DIR", temporary.toString()), parent))
                .isEqualTo(temporary);
        assertThat(OwnedFolder.base(Map.of("XDG_RUNTIME_DIR", "/nonexistent"), parent))
                .isEqualTo(parent);
        assertThat(OwnedFolder.base(Map.of(), parent)).isEqualTo(parent);
    }
}
