package dev.headroom.iris.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatheringTest {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(250);

    @ParameterizedTest(name = "{0} connections, {1} requests a second: {2}")
    @CsvSource({
        // each connection's next request is 17 ms away, and two come in 100 µs
        "333, 20000, true",
        "1000, 33000, true",
        // one client that waits for each answer would wait for each pause, too
        "1, 10000, false",
        "8, 20000, false",
        "64, 100000, false",
        // nothing to wait for
        "1000, 1000, false",
        "10000, 19000, false",
        "0, 0, false",
    })
    void pausesWhereNobodyCanTell(int active, int perSecond, boolean pauses) {
        Gathering gathering = new Gathering();
        gathering.afterTurn(perSecond / 4);
        gathering.decide(TICK, active);
        assertThat(gathering.afterTurn(3)).isEqualTo(pauses);
    }

    @Test
    void onlyAfterTurnsThatFoundFew() {
        Gathering gathering = dense();
        assertThat(gathering.afterTurn(0)).isFalse();
        assertThat(gathering.afterTurn(31)).isTrue();
        assertThat(gathering.afterTurn(32)).isFalse();
    }

    @Test
    void endsWithTheLoad() {
        Gathering gathering = dense();
        gathering.decide(TICK, 0);
        assertThat(gathering.afterTurn(1)).isFalse();
    }

    /** With 333 connections at 20,000 requests a second behind it. */
    private static Gathering dense() {
        Gathering gathering = new Gathering();
        gathering.afterTurn(5_000);
        gathering.decide(TICK, 333);
        return gathering;
    }
}
