package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** The Kubernetes whose behaviour is kept to, and whose build this is not. */
final class Version {
    static final String MINOR = "34";
    static final String GIT = "v1.34.2+headroom";

    private Version() {}

    static ObjectNode document() {
        return Json.object()
                .put("major", "1")
                .put("minor", MINOR)
                .put("gitVersion", GIT)
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "1970-01-01T00:00:00Z")
                .put("goVersion", "")
                .put("compiler", "javac")
                .put(
                        "platform",
                        System.getProperty("os.name", "").toLowerCase(Locale.ROOT)
                                + "/"
                                + System.getProperty("os.arch", ""));
    }
}
