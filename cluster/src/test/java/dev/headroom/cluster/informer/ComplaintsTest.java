package dev.headroom.cluster.informer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComplaintsTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Complaints complaints = new Complaints(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1st",
        "2, 2nd",
        "3, 3rd",
        "4, 4th",
        "11, 11th",
        "12, 12th",
        "13, 13th",
        "21, 21st",
        "31, 31st",
        "32, 32nd",
        "43, 43rd",
        "111, 111th",
        "112, 112th",
        "121, 121st",
        "1001, 1001st"
    })
    void ordinals(int number, String words) {
        assertThat(Complaints.ordinal(number)).isEqualTo(words);
    }

    @Test
    void oneThatFailsAgainAndAgainIsSaidEverMoreRarely() {
        List<Integer> said = new ArrayList<>();
        for (int count = 1; count <= 1000; count++) {
            pass(Duration.ofMinutes(10));
            if (complaints.failed("a/b", count) != null) {
                said.add(count);
            }
        }
        assertThat(said).containsExactly(4, 8, 16, 32, 64, 128, 256, 512);
    }

    @Test
    void manyThatFailTogetherAreSaidInAFewLines() {
        List<String> said = new ArrayList<>();
        for (int key = 0; key < 100_000; key++) {
            pass(Duration.ofMillis(1));
            String words = complaints.failed("a/" + key, 4);
            if (words != null) {
                said.add(words);
            }
        }
        assertThat(said).hasSizeBetween(2, 8);
        assertThat(said.getFirst()).isEqualTo("a/0 failed for the 4th time");
        assertThat(said.get(1))
                .isEqualTo(
                        "a/1000 failed for the 4th time (and 999 more failures that came too fast to be said)");
    }

    @Test
    void afterAllWasWellAFailureIsNews() {
        assertThat(complaints.failed("a/b", 4)).isNotNull();
        assertThat(complaints.failed("a/c", 4)).isNull();
        complaints.allWell();
        assertThat(complaints.failed("a/b", 4))
                .isEqualTo(
                        "a/b failed for the 4th time (and one more failure that came too fast to be said)");
    }
}
