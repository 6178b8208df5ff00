package dev.headroom.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.run.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference and the JSON Schema in docs/ say what the code does. */
class ExperimentReferenceTest {
    private static final Path DOCS = docs();

    private static Path docs() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("docs"))
                ? here.resolve("docs")
                : here.resolve("../docs");
    }

    @Test
    void referenceIsUpToDate() throws IOException {
        upToDate(DOCS.resolve("experiments.md"), ExperimentReference.markdown());
    }

    @Test
    void jsonSchemaIsUpToDate() throws IOException {
        upToDate(
                DOCS.resolve("experiment.schema.json"),
                new String(Json.pretty(ExperimentReference.jsonSchema()), StandardCharsets.UTF_8));
    }

    private static void upToDate(Path file, String text) throws IOException {
        if (Boolean.getBoolean("headroom.write-reference")) {
            Files.writeString(file, text);
        }
        assertThat(file)
                .as("it is written by -Dheadroom.write-reference=true, as it says on its end")
                .content(StandardCharsets.UTF_8)
                .isEqualTo(text);
    }
}
