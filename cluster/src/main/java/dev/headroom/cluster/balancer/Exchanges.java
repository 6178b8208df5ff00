package dev.headroom.cluster.balancer;

import java.nio.ByteBuffer;

/**
 * Pairs the answers of one HTTP/1.x connection with its requests: counts answers by status, and takes the time from a request's first
 * byte to its answer's first byte. Answers come in the order of their requests (RFC 9112, section 9.3.2), so a queue is all it needs.
 */
final class Exchanges {
    /** More requests than this in flight on one connection is no client that could be measured. */
    private static final int MAX_IN_FLIGHT = 1 << 16;

    private final ServiceMeter service;
    private final Backend backend;
    private final Requests requests = new Requests();
    private final Answers answers = new Answers();

    /** Ring of start times, the lowest bit set for HEAD; capacity is a power of two. */
    private long[] inFlight = new long[2];

    private int first;
    private int count;

    Exchanges(ServiceMeter service, Backend backend) {
        this.service = service;
        this.backend = backend;
    }

    MessageMeter requests() {
        return requests;
    }

    MessageMeter answers() {
        return answers;
    }

    /** The connection is over: what is still in flight will never be answered. */
    void ended() {
        if (!answers.isOpaque() && count > 0) {
            service.unanswered(count);
        }
    }

    private void opaque() {
        requests.becomeOpaque();
        answers.becomeOpaque();
    }

    private void push(long start, boolean head) {
        if (count == inFlight.length) {
            if (count == MAX_IN_FLIGHT) {
                service.notHttp();
                opaque();
                return;
            }
            long[] grown = new long[count * 2];
            for (int i = 0; i < count; i++) {
                grown[i] = inFlight[(first + i) & (count - 1)];
            }
            inFlight = grown;
            first = 0;
        }
        inFlight[(first + count++) & (inFlight.length - 1)] = start & ~1L | (head ? 1 : 0);
    }

    private final class Requests extends MessageMeter {
        private long start;

        @Override
        void begin(long now) {
            start = now;
        }

        @Override
        Body bodyOf(HttpHead head) {
            push(start, head.isHead);
            if (head.isConnect) {
                return Body.TUNNEL;
            }
            return head.chunked || head.contentLength > 0 ? Body.BY_FIELDS : Body.NONE;
        }

        @Override
        void complete() {}

        @Override
        int parse(HttpHead head, ByteBuffer bytes, int from, int to) {
            int end = head.request(bytes, from, to);
            if (end == HttpHead.NOT_HTTP) {
                service.notHttp();
                answers.becomeOpaque();
            }
            return end;
        }
    }

    private final class Answers extends MessageMeter {
        private long firstByte;
        private int status;

        @Override
        void begin(long now) {
            firstByte = now;
        }

        @Override
        Body bodyOf(HttpHead head) {
            status = head.status;
            boolean toHead = count > 0 && (inFlight[first] & 1) != 0;
            if (status == 101) {
                complete();
                requests.becomeOpaque();
                return Body.TUNNEL;
            }
            if (status < 200) {
                return Body.INTERIM;
            }
            if (toHead || status == 204 || status == 304) {
                return Body.NONE;
            }
            return head.chunked || head.contentLength >= 0 ? Body.BY_FIELDS : Body.UNTIL_CLOSE;
        }

        @Override
        void complete() {
            backend.answered(status);
            if (count > 0) {
                service.latency(firstByte - inFlight[first]);
                first = (first + 1) & (inFlight.length - 1);
                count--;
            }
        }

        @Override
        int parse(HttpHead head, ByteBuffer bytes, int from, int to) {
            int end = head.answer(bytes, from, to);
            if (end == HttpHead.NOT_HTTP) {
                service.notHttp();
                requests.becomeOpaque();
            }
            return end;
        }
    }
}
