package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Dockerfile, which no container engine reads here: it has to say of its image what the image says that was made without it. */
record Dockerfile(List<String> lines) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Dockerfile read(Path file) throws IOException {
        return new Dockerfile(Files.readAllLines(file));
    }

    /** What follows the only line, of the image itself, that begins so. */
    String rest(String begin) {
        // The stage in which it is built has lines of its own.
        return lines.subList(lines.indexOf("FROM scratch"), lines.size()).stream()
                .filter(l -> l.startsWith(begin))
                .map(l -> l.substring(begin.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line begins with " + begin));
    }

    void assertSaysTheSameAs(JsonNode how) {
        assertThat(JSON.readTree(rest("ENTRYPOINT "))).isEqualTo(how.path("Entrypoint"));
        assertThat(rest("USER ")).isEqualTo(how.path("User").stringValue());
        assertThat(rest("WORKDIR ")).isEqualTo(how.path("WorkingDir").stringValue());
        assertThat(List.of(rest("ENV ").split(" ")))
                .containsExactlyInAnyOrderElementsOf(Unpacked.words(how.path("Env")));
        String labels = rest("LABEL ");
        how.path("Labels")
                .properties()
                .forEach(l ->
                        assertThat(labels)
                                .contains(l.getKey() + "=\"" + l.getValue().stringValue() + "\""));
        assertThat(lines)
                .filteredOn(l -> l.startsWith("FROM ") && !l.equals("FROM scratch"))
                .isNotEmpty()
                .allMatch(l -> l.contains("@sha256:"));
    }
}
