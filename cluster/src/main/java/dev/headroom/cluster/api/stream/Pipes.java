package dev.headroom.cluster.api.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Passes bytes on as they come. */
final class Pipes {
    private static final int BUFFER_BYTES = 16 * 1024;

    private Pipes() {}

    /** Until there is no more; what was read is passed on before more is waited for. */
    static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            to.write(buffer, 0, n);
            to.flush();
        }
    }
}
