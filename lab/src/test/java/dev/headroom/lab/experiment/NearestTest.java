package dev.headroom.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> NAMES =
            List.of("threads", "connections", "duration", "script", "timeout");

    @ParameterizedTest
    @CsvSource({
        "thread,threads",
        "Threads,threads",
        "connection,connections",
        "conections,connections",
        "druation,duration",
        "time-out,timeout"
    })
    void findsWhatWasMeant(String found, String meant) {
        assertThat(Nearest.of(found, NAMES)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"x", "verdict", "latency"})
    void saysNothingWhereNothingIsNear(String found) {
        assertThat(Nearest.of(found, NAMES)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a,a,0", "ab,ba,1", "kitten,sitting,3", "abc,'',3", "abcd,acbd,1"})
    void distances(String a, String b, int distance) {
        assertThat(Nearest.distance(a, b)).isEqualTo(distance);
    }
}
