package dev.headroom.autoscaler;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What is wrong with a name of labels, resources or containers, in Kubernetes' words; an empty list where nothing is. */
final class Names {
    private static final int LONGEST = 63;
    private static final int LONGEST_PREFIX = 253;
    private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String PREFIX = LABEL + "(\\." + LABEL + ")*";
    private static final Pattern IS_NAME = Pattern.compile(NAME);
    private static final Pattern IS_LABEL = Pattern.compile(LABEL);
    private static final Pattern IS_PREFIX = Pattern.compile(PREFIX);
    private static final String NAME_EXAMPLES =
            " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '"
                    + NAME
                    + "')";
    private static final String NO_NAME =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
                    + NAME_EXAMPLES;
    private static final String EMPTY = "must be non-empty";

    /** Resources of core Kubernetes that need no prefix. */
    private static final Set<String> STANDARD =
            Set.of(
                    "cpu",
                    "memory",
                    "ephemeral-storage",
                    "requests.cpu",
                    "requests.memory",
                    "requests.ephemeral-storage",
                    "limits.cpu",
                    "limits.memory",
                    "limits.ephemeral-storage",
                    "pods",
                    "resourcequotas",
                    "services",
                    "replicationcontrollers",
                    "secrets",
                    "configmaps",
                    "persistentvolumeclaims",
                    "storage",
                    "requests.storage",
                    "services.nodeports",
                    "services.loadbalancers");

    private static final Set<String> OF_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");

    private Names() {}

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String tooLong(int most) {
        return "must be no more than " + most + " bytes";
    }

    /** A key of a label, and any other name that may have a domain before a slash. */
    static List<String> ofKey(String key) {
        List<String> problems = new ArrayList<>();
        String[] parts = key.split("/", -1);
        if (parts.length > 2) {
            return List.of(
                    "a valid label key "
                            + NO_NAME
                            + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        if (parts.length == 2) {
            ofPrefix(parts[0]).forEach(problem -> problems.add("prefix part " + problem));
        }
        String name = parts[parts.length - 1];
        if (name.isEmpty()) {
            problems.add("name part " + EMPTY);
        } else if (bytes(name) > LONGEST) {
            problems.add("name part " + tooLong(LONGEST));
        }
        if (!IS_NAME.matcher(name).matches()) {
            problems.add("name part " + NO_NAME);
        }
        return problems;
    }

    private static List<String> ofPrefix(String prefix) {
        List<String> problems = new ArrayList<>();
        if (prefix.isEmpty()) {
            return List.of(EMPTY);
        }
        if (bytes(prefix) > LONGEST_PREFIX) {
            problems.add(tooLong(LONGEST_PREFIX));
        }
        if (!IS_PREFIX.matcher(prefix).matches()) {
            problems.add(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an"
                            + " alphanumeric character (e.g. 'example.com', regex used for validation is '"
                            + PREFIX
                            + "')");
        }
        return problems;
    }

    /** A value of a label. */
    static List<String> ofValue(String value) {
        List<String> problems = new ArrayList<>();
        if (bytes(value) > LONGEST) {
            problems.add(tooLong(LONGEST));
        }
        if (!value.isEmpty() && !IS_NAME.matcher(value).matches()) {
            problems.add(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                            + " alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '("
                            + NAME
                            + ")?')");
        }
        return problems;
    }

    /** The name of a container. */
    static List<String> ofContainer(String name) {
        List<String> problems = new ArrayList<>();
        if (bytes(name) > LONGEST) {
            problems.add("must be no more than " + LONGEST + " characters");
        }
        if (!IS_LABEL.matcher(name).matches()) {
            problems.add(
                    IS_PREFIX.matcher(name).matches()
                            ? "must not contain dots"
                            : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an"
                                    + " alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '"
                                    + LABEL
                                    + "')");
        }
        return problems;
    }

    /** A resource that a container may ask for. */
    static List<String> ofContainerResource(String name) {
        List<String> problems = new ArrayList<>(ofKey(name));
        boolean prefixed = name.contains("/");
        boolean pages = name.startsWith("hugepages-");
        if (problems.isEmpty()
                && !prefixed
                && !STANDARD.contains(name)
                && !pages
                && !name.startsWith("requests.hugepages-")) {
            problems.add("must be a standard resource type or fully qualified");
        }
        if (!prefixed) {
            if (!OF_CONTAINERS.contains(name) && !pages) {
                problems.add("must be a standard resource for containers");
            }
        } else if (!name.contains("kubernetes.io/")
                && (name.startsWith("requests.") || !ofKey("requests." + name).isEmpty())) {
            problems.add("doesn't follow extended resource name standard");
        }
        return problems;
    }
}
