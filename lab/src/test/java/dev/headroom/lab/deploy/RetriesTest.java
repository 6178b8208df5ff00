package dev.headroom.lab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What is tried again and when, and what a server's date tells. */
class RetriesTest {
    @Test
    void onlyAServerThatAsksForItIsWaitedFor() {
        assertThat(Retries.pause(200, null)).isNull();
        assertThat(Retries.pause(201, "1")).isNull();
        assertThat(Retries.pause(301, "1")).isNull();
        assertThat(Retries.pause(503, null)).isNull();
        assertThat(Retries.pause(503, "2")).isEqualTo(Duration.ofSeconds(2));
        assertThat(Retries.pause(429, "3")).isEqualTo(Duration.ofSeconds(3));
        assertThat(Retries.pause(429, null)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Retries.pause(429, "Thu, 01 Jan 2026 00:00:00 GMT"))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aConnectionThatBreaksIsNoTimeThatRanOut() {
        assertThat(Retries.isOfTheConnection(new ClusterGoneException("x", new IOException())))
                .isTrue();
        assertThat(
                        Retries.isOfTheConnection(
                                new ClusterGoneException("x", new HttpTimeoutException("late"))))
                .isFalse();
        assertThat(Retries.isOfTheConnection(new ClusterGoneException("x", new TimeoutException())))
                .isFalse();
        assertThat(Retries.isOfTheConnection(new ClusterGoneException("x", null))).isFalse();
    }

    /** Whole seconds: what it says has been for half a second on the mean. */
    @Test
    void theDateTellsTheClocksDifference() {
        long here = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
        assertThat(Retries.ahead("Thu, 01 Jan 2026 00:00:10 GMT", here))
                .isEqualTo(Duration.ofMillis(10_500));
        assertThat(Retries.ahead("Wed, 31 Dec 2025 23:59:50 GMT", here))
                .isEqualTo(Duration.ofMillis(-9_500));
        assertThat(Retries.ahead(null, here)).isNull();
        assertThat(Retries.ahead("yesterday", here)).isNull();
    }
}
