package dev.headroom.cluster.node;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What is sent to ask {@code grpc.health.v1.Health/Check}: all in one, since nothing of it depends on what the server says. */
final class HealthQuestion {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private HealthQuestion() {}

    static byte[] of(String authority, String service) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.write(0x83); // :method POST
        headers.write(0x86); // :scheme http
        known(headers, 4, "/grpc.health.v1.Health/Check"); // :path
        known(headers, 1, authority); // :authority
        known(headers, 31, "application/grpc"); // content-type
        known(headers, 58, "kube-probe/1.34"); // user-agent
        headers.write(0);
        text(headers, "te");
        text(headers, "trailers");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(frame(HealthCall.SETTINGS, 0, 0, new byte[0]));
        all.writeBytes(frame(HealthCall.HEADERS, HealthCall.END_HEADERS, 1, headers.toByteArray()));
        all.writeBytes(frame(HealthCall.DATA, HealthCall.END_STREAM, 1, message(service)));
        return all.toByteArray();
    }

    /** A {@code HealthCheckRequest}, behind its length: its first field is the service, left out where it is empty. */
    private static byte[] message(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (name.length > 0) {
            message.write(0x0a);
            groups(message, name.length);
            message.writeBytes(name);
        }
        return ByteBuffer.allocate(GrpcProbe.PREFIX + message.size())
                .put((byte) 0) // not compressed
                .putInt(message.size())
                .put(message.toByteArray())
                .array();
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(HealthCall.FRAME_HEADER + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A header that no table takes up, with its name by the number in the static one (RFC 7541, 6.2.2). */
    private static void known(ByteArrayOutputStream out, int name, String value) {
        number(out, name, 4);
        text(out, value);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        number(out, bytes.length, 7);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int number, int bits) {
        int most = (1 << bits) - 1;
        if (number < most) {
            out.write(number);
        } else {
            out.write(most);
            groups(out, number - most);
        }
    }

    /** In groups of seven bits, the lowest first, as both HTTP/2's headers and protobuf write numbers. */
    private static void groups(ByteArrayOutputStream out, int number) {
        int left = number;
        while (left > 0x7f) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }
}
