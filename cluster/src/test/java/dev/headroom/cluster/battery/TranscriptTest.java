package dev.headroom.cluster.battery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** That a transcript accepts what it says, and nothing else. */
class TranscriptTest {
    private static final String TEXT =
            """
            A remark.

            # the first
              $ one
              plain
              ...
              a+b (re)
              x*z (glob)
              [3]
              $ two
            # the second @embedded
              $ three
              the end (no-eol)
            """;

    private static boolean first(String... lines) {
        return Transcript.read("file", TEXT).getFirst().steps().getFirst().accepts(List.of(lines));
    }

    @Test
    void readsTitlesCommandsAndOutput() {
        List<Transcript> all = Transcript.read("file", TEXT);
        assertThat(all).extracting(Transcript::title).containsExactly("the first", "the second");
        assertThat(all).extracting(Transcript::embedded).containsExactly(false, true);
        assertThat(all.getFirst().steps())
                .extracting(Transcript.Step::command)
                .containsExactly("one", "two");
        assertThat(all.getLast().steps().getFirst().expected()).containsExactly("the end (no-eol)");
    }

    @Test
    void acceptsWhatItSays() {
        assertThat(first("plain", "aab", "x.(y)z", "[3]")).isTrue();
        assertThat(first("plain", "more", "and more", "ab", "xz", "[3]")).isTrue();
    }

    @Test
    void acceptsNothingElse() {
        assertThat(first("plain", "ab", "xz")).isFalse();
        assertThat(first("plain", "ab", "xz", "[4]")).isFalse();
        assertThat(first("plan", "ab", "xz", "[3]")).isFalse();
        assertThat(first("plain", "b", "xz", "[3]")).isFalse();
        assertThat(first("plain", "ab", "xzy", "[3]")).isFalse();
        assertThat(first("plain", "ab", "xz", "[3]", "more")).isFalse();
    }
}
