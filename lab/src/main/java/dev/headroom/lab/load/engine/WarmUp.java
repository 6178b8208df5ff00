package dev.headroom.lab.load.engine;

import dev.headroom.lab.load.lua.ScriptException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A short load to a server of this process' own, so that what is compiled just in time is compiled before the real load begins: without it
 * the first second would measure the compiler.
 */
public final class WarmUp {
    private static final int CONNECTIONS = 4;
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final String SCRIPT =
            """
            local text
            function init() text = wrk.format("POST", nil, nil, "a body") end
            function request() return text end
            """;

    private WarmUp() {}

    /**
     * Offers it.
     *
     * @param scripted whether requests come from a script, as those of the real load will
     */
    public static void run(double seconds, boolean scripted)
            throws ScriptException, IOException, InterruptedException {
        run(seconds, scripted, new Stop());
    }

    static void run(double seconds, boolean scripted, Stop stop)
            throws ScriptException, IOException, InterruptedException {
        // Needed where no file can be opened any more, not even a class's.
        Errno.text(0);
        Path script = scripted ? Files.createTempFile("headroom-", ".lua") : null;
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            if (script != null) {
                Files.writeString(script, SCRIPT);
            }
            Thread.ofPlatform().daemon().name("warm-up").start(() -> accept(server));
            Job job =
                    new Job(
                            "http://"
                                    + server.getInetAddress().getHostAddress()
                                    + ":"
                                    + server.getLocalPort()
                                    + "/",
                            1,
                            CONNECTIONS,
                            0,
                            seconds,
                            1,
                            script == null ? null : script.toString(),
                            Path.of(""),
                            0,
                            0);
            new Engine(job, stop, OutputStream.nullOutputStream()).run();
        } finally {
            if (script != null) {
                Files.delete(script);
            }
        }
    }

    private static void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofPlatform().daemon().name("warm-up").start(() -> answer(socket));
            }
        } catch (IOException over) {
            // The warm-up has closed it.
        }
    }

    /** Requests are short and come one at a time: each arrives in one piece. */
    private static void answer(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] buffer = new byte[4096];
            while (in.read(buffer) > 0) {
                out.write(ANSWER);
            }
        } catch (IOException over) {
            // The load has ended in the middle of an answer.
        }
    }
}
