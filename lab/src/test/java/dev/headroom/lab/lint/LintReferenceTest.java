package dev.headroom.lab.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/lint.md says what the rules say. */
class LintReferenceTest {
    private static final Path FILE = Path.of("../docs/lint.md");
    private static final String BEGIN = "<!-- rules -->\n";

    @Test
    void theReferenceIsUpToDate() throws IOException {
        String text = Files.readString(FILE);
        String head = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
        String wanted = head + LintReference.markdown();
        if (Boolean.getBoolean("headroom.write-reference")) {
            Files.writeString(FILE, wanted);
        }
        assertThat(FILE)
                .as("it is written by -Dheadroom.write-reference=true")
                .content()
                .isEqualTo(wanted);
    }
}
