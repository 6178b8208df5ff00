package dev.headroom.iris.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.headroom.iris.api.http.Wire;
import dev.headroom.iris.api.http.Wire.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /openapi.json} is true: what its schema accepts, and only that, is accepted, and each answer is one that it names. */
class OpenApiTest {
    private static final JsonMapper JACKSON = new JsonMapper();
    private static final String REQUEST =
            "#/paths/~1predict/post/requestBody/content/application~1json/schema";

    private Service service;
    private Wire wire;
    private JsonNode document = JACKSON.createObjectNode();

    @BeforeEach
    void start() throws IOException {
        service = new Service(Map.of("MAX_CONNECTION_AGE", "0"));
        wire = service.connect();
        document = JACKSON.readTree(wire.send(Service.get("/openapi.json")).answer().body());
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        service.close();
    }

    /** A part of the document as a schema of its own, so that its references hold. */
    private Schema schema(String pointer) {
        ObjectNode root = ((ObjectNode) document).deepCopy();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema").put("$ref", pointer);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(root.toString(), InputFormat.JSON);
    }

    @Test
    void everyPathIsServedAndNoOther() throws IOException {
        assertThat(document.get("openapi").stringValue()).isEqualTo("3.1.0");
        List<String> routes = new ArrayList<>(service.http.status().routes());
        assertThat(document.get("paths").propertyNames())
                .containsExactlyInAnyOrderElementsOf(routes);
        for (String path : routes) {
            for (String method : document.get("paths").get(path).propertyNames()) {
                String request = method.toUpperCase(java.util.Locale.ROOT) + " " + path;
                Answer answer =
                        wire.send(request + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                                .answer();
                JsonNode named =
                        document.at(
                                "/paths/"
                                        + path.replace("/", "~1")
                                        + "/"
                                        + method
                                        + "/responses/"
                                        + answer.status());
                assertThat(named.isMissingNode()).as(request + " " + answer.status()).isFalse();
                String type = answer.head().replaceAll("(?s).*Content-Type: ([^;\r]*).*", "$1");
                assertThat(named.get("content").has(type)).as(request + " " + type).isTrue();
            }
        }
    }

    @Test
    void whatTheSchemaAcceptsIsAcceptedAndNothingElse() throws IOException {
        Schema request = schema(REQUEST);
        String responses = "#/paths/~1predict/post/responses/";
        Schema good = schema(responses + "200/content/application~1json/schema");
        Schema problem = schema(responses + "422/content/application~1problem+json/schema");
        Random random = new Random(5);
        int accepted = 0;
        for (int i = 0; i < 2_000; i++) {
            String body = body(random);
            boolean valid = request.validate(body, InputFormat.JSON).isEmpty();
            boolean more = random.nextBoolean();
            String target = "/predict" + (more ? "?probabilities=true" : "");
            Answer answer = wire.send(Service.post(target, body)).answer();
            assertThat(answer.status()).as(body).isEqualTo(valid ? 200 : 422);
            assertThat((valid ? good : problem).validate(answer.body(), InputFormat.JSON))
                    .as(answer.body())
                    .isEmpty();
            accepted += valid ? 1 : 0;
        }
        assertThat(accepted).isBetween(400, 1_600);
        for (JsonNode example :
                document.at(
                        "/paths/~1predict/post/requestBody/content/application~1json/examples")) {
            String body = example.get("value").toString();
            assertThat(wire.send(Service.post(body)).answer().status()).isEqualTo(200);
        }
    }

    private static String body(Random random) {
        if (random.nextInt(3) > 0) {
            return flower(random);
        }
        List<String> flowers = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            flowers.add(flower(random));
        }
        return "[" + String.join(",", flowers) + "]";
    }

    private static String flower(Random random) {
        List<String> members = new ArrayList<>();
        String[] odd = {"null", "true", "\"1\"", "[]", "{}", "1e39", "-1e39"};
        for (String name : List.of("sepal_length", "sepal_width", "petal_length", "petal_width")) {
            int kind = random.nextInt(30);
            String value =
                    kind == 0
                            ? odd[random.nextInt(odd.length)]
                            : random.nextInt(99) / 10.0 + (kind < 5 ? "e-1" : "");
            if (kind != 1) {
                members.add("\"" + name + "\":" + value);
            }
        }
        if (random.nextInt(4) == 0) {
            members.add("\"other\":{\"a\":[null]}");
        }
        java.util.Collections.shuffle(members, random);
        return random.nextInt(20) == 0
                ? odd[random.nextInt(odd.length)]
                : "{" + String.join(",", members) + "}";
    }
}
