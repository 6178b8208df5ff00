package dev.headroom.lab.run;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes that should be UTF-8 text. */
public final class Utf8 {
    private Utf8() {}

    /** The line, from 1, of the first byte that is of no UTF-8 text; 0 where all are. */
    public static int wrongLine(byte[] bytes) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(left);
            return 0;
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < left.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            return line;
        }
    }
}
