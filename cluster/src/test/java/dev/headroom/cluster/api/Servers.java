package dev.headroom.cluster.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Starts API servers for tests, each on a port of its own. */
final class Servers {
    private Servers() {}

    /** The kubeconfig is the directory's {@code kubeconfig}. */
    static ApiServer start(Path directory) throws IOException {
        return ApiServer.start(
                new ApiServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        directory.resolve("kubeconfig"),
                        "test",
                        n -> "127.9." + (240 + n / 256) + "." + n % 256,
                        4_000,
                        List.of(),
                        InstantSource.system()));
    }
}
