package dev.headroom.cluster.controller;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;

/** A short name for a pod template: equal templates have equal ones. In letters that spell no word, as upstream's. */
final class TemplateHash {
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private TemplateHash() {}

    static String of(JsonNode template, int collisions) {
        CRC32 crc = new CRC32();
        crc.update((sorted(template) + "#" + collisions).getBytes(StandardCharsets.UTF_8));
        long value = crc.getValue();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            text.append(LETTERS.charAt((int) (value % LETTERS.length())));
            value = value / LETTERS.length() + i * 7L;
        }
        return text.toString();
    }

    private static String sorted(JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, String> fields = new TreeMap<>();
            node.properties()
                    .forEach(entry -> fields.put(entry.getKey(), sorted(entry.getValue())));
            return fields.toString();
        }
        if (node.isArray()) {
            return node.valueStream().map(TemplateHash::sorted).toList().toString();
        }
        return node.toString();
    }
}
