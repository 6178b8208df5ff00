package dev.headroom.lab.load.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.lab.load.lua.ScriptException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBytesTest {
    private static final String GET = "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n";
    private static final String HEAD = "HEAD / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n";
    private static final String POST =
            "POST /x HTTP/1.1\\r\\ncontent-length: 4\\r\\n\\r\\n\\r\\n\\r\\n";

    private static byte[] bytes(String text) {
        return text.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        GET + ",1,0",
        HEAD + ",1,1",
        POST + ",1,0",
        GET + POST + GET + ",3,0",
        GET + HEAD + POST + HEAD + ",4,10",
    })
    void countsThemAndTheirHeads(String text, int count, long heads) throws Exception {
        assertThat(RequestBytes.count(bytes(text))).isEqualTo(count);
        assertThat(RequestBytes.heads(bytes(text))).isEqualTo(heads);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET / HTTP/1.1",
                "GET / HTTP/1.1\\r\\nHost: a\\r\\n",
                "nonsense\\r\\n\\r\\n",
                "POST / HTTP/1.1\\r\\nContent-Length: 5\\r\\n\\r\\nhell",
                GET + "GET /",
            })
    void whatIsNotWholeIsRefused(String text) {
        assertThatThrownBy(() -> RequestBytes.count(bytes(text)))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("incomplete request");
    }

    @Test
    void requestsAreDueWhateverBecameOfTheOthers() {
        Schedule schedule = new Schedule(3, 1, 0);
        schedule.start(1000);
        for (int i = 0; i < 3_000_000; i++) {
            schedule.becameDue();
        }
        assertThat(schedule.next()).isEqualTo(1000 + 1_000_000L * 1_000_000_000L);
        assertThat(schedule.take()).isEqualTo(1000);
        assertThat(schedule.take()).isEqualTo(1000 + 333_333_333);
    }

    @Test
    void threadsTakeTurns() {
        Schedule second = new Schedule(100, 2, 1);
        second.start(0);
        assertThat(second.next()).isEqualTo(10_000_000);
        second.becameDue();
        assertThat(second.next()).isEqualTo(30_000_000);
    }
}
