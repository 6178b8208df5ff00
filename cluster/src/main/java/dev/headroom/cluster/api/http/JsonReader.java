package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON as Kubernetes' decoder does: of a field that stands there twice the last one counts, and that it did is told. */
final class JsonReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final List<String> duplicates = new ArrayList<>();

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    static Bodies.Read read(byte[] body) {
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            JsonReader reader = new JsonReader(parser);
            JsonNode tree = reader.value(parser.nextToken(), "");
            JsonToken more = parser.nextToken();
            if (more != null) {
                throw new StreamReadException(parser, "invalid character after top-level value");
            }
            return new Bodies.Read(tree, reader.duplicates);
        }
    }

    private JsonNode value(@Nullable JsonToken token, String path) {
        if (token == null) {
            throw new StreamReadException(parser, "unexpected end of JSON input");
        }
        return switch (token) {
            case START_OBJECT -> object(path);
            case START_ARRAY -> array(path);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new StreamReadException(parser, "unexpected token " + token);
        };
    }

    private JsonNode integer() {
        return switch (parser.getNumberType()) {
            case INT, LONG -> Json.number(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private ObjectNode object(String path) {
        ObjectNode object = Json.object();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            String at = path.isEmpty() ? name : path + "." + name;
            if (object.has(name)) {
                duplicates.add("duplicate field \"" + at + "\"");
            }
            object.set(name, value(parser.nextToken(), at));
        }
        return object;
    }

    private ArrayNode array(String path) {
        ArrayNode array = Json.array();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            array.add(value(token, path + "[" + array.size() + "]"));
        }
        return array;
    }
}
