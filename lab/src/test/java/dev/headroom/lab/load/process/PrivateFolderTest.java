package dev.headroom.lab.load.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
    @TempDir private Path temporary = Path.of("");

    @BeforeEach
    void needsProc() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self")), "no /proc tells who we are");
    }

    private Path left(String name) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(name));
        Files.writeString(folder.resolve("wrapper.lua"), "");
        return folder;
    }

    @Test
    void onlyWhatTheMakersMeantHaveLeftIsRemoved() throws IOException {
        Path dead = left("headroom-load-7-123");
        Path living = left("headroom-load-8-123");
        Path other = left("headroom-load-seven-123");
        Path target = Files.createDirectory(temporary.resolve("precious"));
        Path precious = Files.writeString(target.resolve("file"), "");
        Path link = Files.createSymbolicLink(temporary.resolve("headroom-load-7-link"), target);

        PrivateFolder.remove(temporary, pid -> pid == 7);

        assertThat(dead).doesNotExist();
        assertThat(living.resolve("wrapper.lua")).exists();
        assertThat(other).exists();
        assertThat(precious).exists();
        assertThat(link).isSymbolicLink();
    }

    @Test
    void aSweepLeavesThoseOfTheLivingAndAHaltTakesItsOwn() throws IOException {
        PrivateFolder folder = PrivateFolder.create();
        Files.writeString(folder.path().resolve("figures"), "");
        PrivateFolder.sweep();
        assertThat(folder.path()).exists();
        PrivateFolder.removeOwn();
        assertThat(folder.path()).doesNotExist();
        folder.close();
    }
}
