package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An image as one of the project's programs builds it.
 *
 * @param program that builds it, a path in the repository
 * @param said what the program printed: the image's name and digest
 */
record BuiltImage(String program, Path folder, Path tarball, String said, Unpacked unpacked) {

    /** Builds it; the test is skipped on a system where it can't be. */
    static BuiltImage by(String program, Path folder) throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
                        || Files.exists(Path.of("/lib/ld-linux-aarch64.so.1")),
                "the image is made on Linux with glibc");
        Path tarball = folder.resolve("image.tar");
        String said = build(program, folder, tarball);
        Unpacked unpacked = Unpacked.of(tarball, folder.resolve("unpacked"));
        return new BuiltImage(program, folder, tarball, said, unpacked);
    }

    private static String build(String program, Path folder, Path tarball)
            throws IOException, InterruptedException {
        String command = Repository.HOME.resolve(program).toString();
        return Repository.run(folder, Map.of(), List.of(command, tarball.toString()));
    }

    void assertASecondBuildGivesTheSameBytes() throws IOException, InterruptedException {
        Path again = folder.resolve("again.tar");
        assertThat(build(program, folder, again)).isEqualTo(said);
        assertThat(again).hasSameBinaryContentAs(tarball);
    }
}
