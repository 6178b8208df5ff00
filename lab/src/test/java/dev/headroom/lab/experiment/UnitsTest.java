package dev.headroom.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "90s,90000",
        "2m,120000",
        "1m30s,90000",
        "1h,3600000",
        "500ms,500",
        "1.5s,1500",
        "14.996s,14996",
        "0s,0"
    })
    void durations(String text, long millis) {
        assertThat(Units.duration(text)).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "90", "s", "1d", "-1s", "1 s", "1s ", "1e3s", "s1", "9999999999s"})
    void notDurations(String text) {
        assertThat(Units.duration(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"200/s,200", "12000/m,200", "0.5/s,0.5", "3600/h,1"})
    void rates(String text, double perSecond) {
        assertThat(Units.rate(text)).contains(perSecond);
    }

    @ParameterizedTest
    @ValueSource(strings = {"200", "200/", "/s", "200/d", "200 /s", "-1/s", "x/s"})
    void notRates(String text) {
        assertThat(Units.rate(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"90000,1m30s", "0,0s", "1500,1s500ms", "3600000,1h", "86399999,23h59m59s999ms"})
    void written(long millis, String text) {
        assertThat(Units.text(Duration.ofMillis(millis))).isEqualTo(text);
        assertThat(Units.duration(text)).contains(Duration.ofMillis(millis));
    }

    @Test
    void theShortestDurationIsTheSumOfItsParts() {
        ShortestDuration shortest =
                new ShortestDuration(
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(15),
                        Duration.ofMillis(1548),
                        ShortestDuration.PHASE);
        assertThat(shortest.total()).isEqualTo(Duration.ofSeconds(62));
        assertThat(shortest.words())
                .isEqualTo(
                        "1m2s (metrics window 15s + sync period 15s + start of a pod 1s548ms + two phases of 15s)");
    }
}
