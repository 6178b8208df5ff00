package dev.headroom.iris.api.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client on a raw socket that knows of HTTP only how answers are told apart; nothing of it is the server's. */
public final class Wire implements AutoCloseable {
    /** Only a guard against a hanging test. */
    private static final int GUARD_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** One answer, as it came: interim ones too. */
    public record Answer(int status, String head, String body) {
        public boolean closes() {
            return head.contains("\r\nConnection: close\r\n");
        }
    }

    public Wire(InetSocketAddress address) throws IOException {
        socket = new Socket();
        socket.connect(address, GUARD_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(GUARD_MILLIS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    public Wire send(String bytes) throws IOException {
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    public void sendByteByByte(String bytes) throws IOException {
        for (byte b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
            out.write(b);
        }
    }

    /** Ends this side of the connection; the other stays. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    public Answer answer() throws IOException {
        return answer(false);
    }

    /** The next answer; {@code headOnly} for that to a HEAD. */
    public Answer answer(boolean headOnly) throws IOException {
        String head = head();
        int status = Integer.parseInt(head.substring(9, 12));
        int length = 0;
        for (String line : head.split("\r\n", -1)) {
            if (line.startsWith("Content-Length: ") && !headOnly) {
                length = Integer.parseInt(line.substring(16));
            }
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("an answer cut short: " + head);
        }
        return new Answer(status, head, new String(body, StandardCharsets.UTF_8));
    }

    /** All answers up to the server's end. */
    public List<Answer> answersUntilEnd() throws IOException {
        List<Answer> answers = new ArrayList<>();
        while (true) {
            Answer next;
            try {
                next = answer();
            } catch (EndException e) {
                return answers;
            }
            answers.add(next);
        }
    }

    /** Whether the server has ended its side, without a reset and with nothing more said; waits for it. */
    public boolean ends() throws IOException {
        return in.read() < 0;
    }

    /** Ends the connection the hard way. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0 && head.size() == 0) {
                throw new EndException();
            }
            if (next < 0) {
                throw new IOException("a head cut short: " + head);
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The server's end, between two answers. */
    private static final class EndException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
