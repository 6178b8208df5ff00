package dev.headroom.lab.lint;

import dev.headroom.lab.lint.Autoscaler.Metric;
import dev.headroom.lab.lint.Workload.Container;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tells Java programs by what a manifest shows of them: options, command, image. */
final class Java {
    private static final Pattern OPTIONS =
            Pattern.compile(
                    "(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|JAVA_OPTS|_JAVA_OPTIONS|JAVA_HOME|CATALINA_OPTS)");
    private static final Pattern COMMAND = Pattern.compile("(.*/)?java|.*\\.jar|-Xmx.*|-XX:.*");
    private static final Pattern IMAGE =
            Pattern.compile(
                    "(^|[^a-z])(java|jre|jdk|openjdk|temurin|corretto|zulu|graalvm|tomcat|jetty|wildfly|spring|quarkus|micronaut|headroom-dev/iris-api)(?![a-z])");

    private Java() {}

    /** Those that a metric counts, each with what tells. */
    static Set<String> containers(Workload workload, Metric metric) {
        Set<String> found = new TreeSet<>();
        for (Container container : workload.containers()) {
            String sign = metric.counts(container) ? sign(container.node()) : null;
            if (sign != null) {
                found.add("container " + container.name() + " has " + sign);
            }
        }
        return found;
    }

    private static @Nullable String sign(JsonNode container) {
        for (JsonNode variable : container.path("env")) {
            String name = variable.path("name").asString("");
            if (OPTIONS.matcher(name).matches()) {
                return name;
            }
        }
        for (String part : new String[] {"command", "args"}) {
            for (JsonNode word : container.path(part)) {
                if (COMMAND.matcher(word.asString("")).matches()) {
                    return part + " " + word.asString("");
                }
            }
        }
        String image = container.path("image").asString("");
        return IMAGE.matcher(image).find() ? "image " + image : null;
    }
}
