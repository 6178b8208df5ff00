package dev.headroom.lab.lint;

import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.VisibleText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What was found, for people and as JSON. {@link Sarif} is the third form. */
public final class LintOutput {
    private LintOutput() {}

    /** Two lines of reason and cure below each finding, and a last line that counts. */
    public static String text(World world, List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            Rule rule = finding.rule();
            text.append(finding.where()).append(": ").append(rule.severity().word());
            text.append(": ").append(finding.objectName()).append(": ").append(finding.message());
            text.append(" [").append(rule.id()).append("]\n");
            text.append("    why: ").append(rule.why()).append('\n');
            text.append("    fix: ").append(rule.fix()).append('\n');
            text.append("    see: ").append(rule.reference()).append('\n');
        }
        for (String missing : world.notSeen()) {
            text.append("not looked at: ").append(missing).append('\n');
        }
        return VisibleText.of(text.append(summary(world, findings)).append('\n').toString());
    }

    private static String summary(World world, List<Finding> findings) {
        StringBuilder words = new StringBuilder();
        for (Severity severity : Severity.values()) {
            long count = count(findings, severity);
            words.append(words.isEmpty() ? "" : ", ").append(counted(count, severity.word()));
        }
        return words + " in " + counted(world.objects().size(), "object");
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream().filter(f -> f.rule().severity() == severity).count();
    }

    private static String counted(long count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }

    /** One object: the findings, a count by severity, and what could not be looked at. */
    public static String json(World world, List<Finding> findings) {
        ObjectNode root = Json.mapper().createObjectNode();
        root.put("schema", "headroom.dev/lint/v1");
        var list = root.putArray("findings");
        for (Finding finding : findings) {
            ObjectNode node = list.addObject();
            node.put("rule", finding.rule().id());
            node.put("severity", finding.rule().severity().word());
            node.put("file", finding.object().file().toString());
            node.put("line", finding.line());
            node.put("object", finding.objectName());
            node.put("key", finding.key());
            node.put("message", finding.message());
            node.put("why", finding.rule().why());
            node.put("fix", finding.rule().fix());
            node.put("reference", finding.rule().reference());
        }
        ObjectNode counts = root.putObject("counts");
        for (Severity severity : Severity.values()) {
            counts.put(severity.word(), count(findings, severity));
        }
        root.put("objects", world.objects().size());
        var missing = root.putArray("notLookedAt");
        world.notSeen().forEach(missing::add);
        return new String(Json.pretty(root), StandardCharsets.UTF_8);
    }
}
