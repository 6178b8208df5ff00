package dev.headroom.cluster.node;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads, of a block of HTTP/2 headers (RFC 7541), those whose names stand in it. The others are told by numbers in tables, which is nothing that is asked for
 * here: a gRPC status is in no table.
 */
final class HeaderBlock {
    /** How many bits a byte's code has (RFC 7541, appendix B), each as a digit to the base 36; the codes follow from that, shorter ones first. */
    private static final String BITS =
            "dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca"
                    + "d67777777777777777777777878djde6f56565666577666567655677777fbeds"
                    + "kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn"
                    + "qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq";

    private static final int LONGEST = 30;

    private final byte[] block;
    private int at;

    private HeaderBlock(byte[] block) {
        this.block = block;
    }

    static Map<String, String> named(byte[] block) throws ProtocolException {
        HeaderBlock reader = new HeaderBlock(block);
        Map<String, String> headers = new HashMap<>();
        while (reader.at < block.length) {
            reader.field(headers);
        }
        return headers;
    }

    private void field(Map<String, String> headers) throws ProtocolException {
        int first = block[at] & 0xff;
        if ((first & 0x80) != 0) {
            number(7); // both by its number
        } else if ((first & 0xe0) == 0x20) {
            number(5); // the size of a table
        } else if (number((first & 0x40) != 0 ? 6 : 4) == 0) {
            String name = text();
            headers.put(name, text());
        } else {
            text(); // the name by its number
        }
    }

    /** With so many bits of the first byte; the rest in groups of seven, the lowest first. */
    private int number(int bits) throws ProtocolException {
        int most = (1 << bits) - 1;
        int number = next() & most;
        if (number < most) {
            return number;
        }
        for (int shift = 0; shift <= 21; shift += 7) {
            int group = next();
            number += (group & 0x7f) << shift;
            if ((group & 0x80) == 0) {
                return number;
            }
        }
        throw new ProtocolException("a number in a header is too large");
    }

    private int next() throws ProtocolException {
        if (at >= block.length) {
            throw new ProtocolException("a header ends too early");
        }
        return block[at++] & 0xff;
    }

    private String text() throws ProtocolException {
        boolean coded = at < block.length && (block[at] & 0x80) != 0;
        int length = number(7);
        if (length > block.length - at) {
            throw new ProtocolException("a header ends too early");
        }
        int from = at;
        at += length;
        return coded
                ? decoded(from, at)
                : new String(block, from, length, StandardCharsets.ISO_8859_1);
    }

    private String decoded(int from, int to) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int code = 0;
        int bits = 0;
        for (int bit = from * 8; bit < to * 8; bit++) {
            code = code << 1 | block[bit / 8] >> 7 - bit % 8 & 1;
            bits++;
            int symbol = bits > LONGEST ? -1 : Codes.symbol(code, bits);
            if (symbol >= 0) {
                text.write(symbol);
                code = 0;
                bits = 0;
            }
        }
        return text.toString(StandardCharsets.ISO_8859_1);
    }

    /** The codes, by their lengths: of one length they are consecutive, in the order of the bytes. */
    private static final class Codes {
        private static final int[] FIRST = new int[LONGEST + 1];
        private static final String[] SYMBOLS = new String[LONGEST + 1];

        static {
            int code = 0;
            for (int length = 1; length <= LONGEST; length++) {
                StringBuilder symbols = new StringBuilder();
                for (int symbol = 0; symbol < BITS.length(); symbol++) {
                    if (Character.digit(BITS.charAt(symbol), 36) == length) {
                        symbols.append((char) symbol);
                    }
                }
                FIRST[length] = code;
                SYMBOLS[length] = symbols.toString();
                code = code + symbols.length() << 1;
            }
        }

        /** -1 where no code of this length is it. */
        static int symbol(int code, int length) {
            int place = code - FIRST[length];
            return place >= 0 && place < SYMBOLS[length].length()
                    ? SYMBOLS[length].charAt(place)
                    : -1;
        }
    }
}
