package dev.headroom.iris.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.Fuzz;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Pipelined requests of all kinds, right and mutated. However they are cut in parts, the same is read; and what is accepted is
 * read by Netty's decoder as the very same requests, since a difference is what smuggling lives on. What is refused here may
 * be accepted there: Netty is the milder one.
 */
class RequestParserFuzzTest {
    private static final byte[] ALPHABET =
            "\r\n\r\n :;,\t\0\u007f\u00e4aAzX09\"\\/?%*#[]()=GETPOST1.0chunked"
                    .getBytes(StandardCharsets.ISO_8859_1);
    private static final Limits LIMITS = new Limits(200, 1000, 20, 400, 1, 1, 10_000, 1);
    private static final int ENOUGH = 1 << 20;

    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger nettyStricter = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /** A request as one side read it. */
    record Read(String method, String target, String body) {}

    private static final Read FAILED = new Read("", "", "");

    @Test
    void readsWhatNettyReads() {
        Fuzz.run(40_000, this::check);
        assertThat(accepted.get()).isGreaterThan(10_000);
        assertThat(refused.get()).isGreaterThan(5_000);
        // Netty refuses bytes beyond ASCII in a quoted extension, which RFC 9110 allows.
        assertThat(nettyStricter.get()).isLessThan(accepted.get() / 100);
    }

    private void check(Random random) {
        StringBuilder all = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            all.append(request(random));
        }
        byte[] whole = all.toString().getBytes(StandardCharsets.ISO_8859_1);
        int changes = Math.max(0, random.nextInt(5) - 2);
        byte[] bytes = Fuzz.mutated(whole, changes, ALPHABET, random);
        String shown = new String(bytes, StandardCharsets.ISO_8859_1);
        List<Read> ours = ours(bytes, bytes.length, random);
        List<Read> inParts = ours(bytes, 1 + random.nextInt(7), random);
        assertThat(inParts).as("in parts: %s", shown).isEqualTo(ours);
        boolean wrong = !ours.isEmpty() && ours.getLast().method().isEmpty();
        List<Read> good = wrong ? ours.subList(0, ours.size() - 1) : ours;
        List<Read> netty = netty(bytes);
        boolean stricter =
                changes > 0
                        && netty.contains(FAILED)
                        && netty.size() <= good.size()
                        && good.subList(0, netty.size() - 1)
                                .equals(netty.subList(0, netty.size() - 1));
        if (stricter) {
            nettyStricter.incrementAndGet();
        } else {
            assertThat(netty.subList(0, Math.min(netty.size(), good.size())))
                    .as(shown)
                    .isEqualTo(good);
        }
        accepted.addAndGet(good.size());
        refused.addAndGet(wrong ? 1 : 0);
        if (changes == 0) {
            assertThat(wrong).as("refused: %s", shown).isFalse();
        }
    }

    /** All requests that are whole; a refusal is the last, without a method. Which of two faults is named may depend on the parts. */
    private static List<Read> ours(byte[] bytes, int part, Random random) {
        Router router =
                new Router(List.of(new Route(Method.POST, "/predict", _ -> Refusals.FAILED)));
        Allowance held = new Allowance(ENOUGH);
        RequestParser parser = new RequestParser(router, LIMITS, held, held, true);
        List<Read> read = new ArrayList<>();
        byte[] kept = new byte[0];
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + Math.max(1, part - random.nextInt(part)));
            byte[] in = Arrays.copyOf(kept, kept.length + to - from);
            System.arraycopy(bytes, from, in, kept.length, to - from);
            from = to;
            int at = 0;
            while (true) {
                at = parser.parse(in, at, in.length);
                if (parser.state() == RequestParser.State.REFUSED) {
                    read.add(new Read("", "refused", ""));
                    return read;
                }
                if (parser.state() != RequestParser.State.COMPLETE) {
                    break;
                }
                int length = parser.bodyTo() - parser.bodyFrom();
                String body =
                        new String(
                                parser.bytes(),
                                parser.bodyFrom(),
                                length,
                                StandardCharsets.ISO_8859_1);
                read.add(new Read(parser.methodText(), parser.targetText(), body));
                parser.reset();
            }
            kept = Arrays.copyOfRange(in, at, in.length);
        }
        return read;
    }

    private static List<Read> netty(byte[] bytes) {
        HttpDecoderConfig config =
                new HttpDecoderConfig().setMaxInitialLineLength(ENOUGH).setMaxHeaderSize(ENOUGH);
        EmbeddedChannel channel =
                new EmbeddedChannel(
                        new HttpRequestDecoder(config), new HttpObjectAggregator(ENOUGH));
        List<Read> read = new ArrayList<>();
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        } catch (RuntimeException e) {
            // What was read before the failure counts.
        }
        while (channel.readInbound() instanceof FullHttpRequest request) {
            boolean failed = request.decoderResult().isFailure();
            String body = request.content().toString(StandardCharsets.ISO_8859_1);
            request.release();
            if (failed) {
                read.add(FAILED);
                break;
            }
            read.add(new Read(request.method().name(), request.uri(), body));
        }
        try {
            channel.finishAndReleaseAll();
        } catch (RuntimeException e) {
            // The last request was not whole.
        }
        return read;
    }

    private static String request(Random random) {
        String body = "{\"a\":\"" + "x".repeat(random.nextInt(20)) + "\"}\r\nGET";
        StringBuilder head = new StringBuilder(random.nextInt(8) == 0 ? "\r\n" : "");
        boolean post = random.nextInt(3) > 0;
        String[] targets = {
            "/predict", "/", "/a?b=%zz", "http://a.b:1/predict", "/%70redict", "/x/../y"
        };
        head.append(post ? "POST " : random.nextBoolean() ? "GET " : "HEAD ");
        head.append(targets[random.nextInt(targets.length)]).append(" HTTP/1.1\r\n");
        List<String> fields = new ArrayList<>(List.of("Host: a.b:1"));
        String[] more = {
            "X: y",
            "Accept:*/*",
            "x-long:\t" + "v".repeat(100) + " ",
            "Content-Type: application/json",
            "A!#$: ä"
        };
        for (int i = random.nextInt(4); i > 0; i--) {
            fields.add(more[random.nextInt(more.length)]);
        }
        boolean chunked = post && random.nextBoolean();
        if (chunked) {
            fields.add("Transfer-Encoding: chunked");
        } else if (post) {
            fields.add("Content-Length: " + body.length());
        }
        java.util.Collections.shuffle(fields, random);
        head.append(String.join("\r\n", fields)).append("\r\n\r\n");
        return head.append(chunked ? chunks(body, random) : post ? body : "").toString();
    }

    private static String chunks(String body, Random random) {
        String[] extensions = {"", "", ";a", ";a=b", " ; a=\"b;c\""};
        StringBuilder chunks = new StringBuilder();
        for (int from = 0; from < body.length(); ) {
            int to = Math.min(body.length(), from + 1 + random.nextInt(12));
            chunks.append(Integer.toHexString(to - from))
                    .append(extensions[random.nextInt(extensions.length)]);
            chunks.append("\r\n").append(body, from, to).append("\r\n");
            from = to;
        }
        return chunks.append(random.nextBoolean() ? "0\r\n\r\n" : "00\r\nX: y\r\n\r\n").toString();
    }
}
