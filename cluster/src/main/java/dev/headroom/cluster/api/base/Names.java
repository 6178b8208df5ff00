package dev.headroom.cluster.api.base;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The shapes of names in Kubernetes (RFC 1123, RFC 1035 and relatives). Each method gives null, or what Kubernetes says is wrong. */
public final class Names {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String LABEL_VALUE = "(" + QUALIFIED + ")?";
    private static final String CONFIG_KEY = "[-._a-zA-Z0-9]+";

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4_PATTERN = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);
    private static final Pattern LABEL_1035_PATTERN = Pattern.compile(LABEL_1035);
    private static final Pattern QUALIFIED_PATTERN = Pattern.compile(QUALIFIED);
    private static final Pattern LABEL_VALUE_PATTERN = Pattern.compile(LABEL_VALUE);
    private static final Pattern CONFIG_KEY_PATTERN = Pattern.compile(CONFIG_KEY);

    private Names() {}

    /** Whether it is an IP address as Go's parser takes it: no leading zeros, all four parts. */
    public static boolean isIp(String text) {
        if (IPV4_PATTERN.matcher(text).matches()) {
            return true;
        }
        try {
            return text.contains(":") && InetAddress.ofLiteral(text).getAddress().length == 16;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    public static @Nullable String label(String name) {
        if (name.length() > 63) {
            return tooLong(63);
        }
        if (LABEL_PATTERN.matcher(name).matches()) {
            return null;
        }
        return subdomain(name) == null
                ? "must not contain dots"
                : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '"
                        + LABEL
                        + "')";
    }

    public static @Nullable String subdomain(String name) {
        if (name.length() > 253) {
            return tooLong(253);
        }
        return SUBDOMAIN_PATTERN.matcher(name).matches()
                ? null
                : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '"
                        + SUBDOMAIN
                        + "')";
    }

    public static @Nullable String label1035(String name) {
        if (name.length() > 63) {
            return tooLong(63);
        }
        return LABEL_1035_PATTERN.matcher(name).matches()
                ? null
                : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '"
                        + LABEL_1035
                        + "')";
    }

    /** A name with an optional prefix, as labels and annotations are called: {@code example.com/name}. */
    public static @Nullable String qualified(String key) {
        int slash = key.indexOf('/');
        if (slash != key.lastIndexOf('/')) {
            return "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '"
                    + QUALIFIED
                    + "') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }
        if (slash == 0) {
            return "prefix part must be non-empty";
        }
        String wrong = slash > 0 ? subdomain(key.substring(0, slash)) : null;
        if (wrong != null) {
            return "prefix part " + wrong;
        }
        String name = key.substring(slash + 1);
        if (name.isEmpty()) {
            return "name part must be non-empty";
        }
        if (name.length() > 63) {
            return "name part " + tooLong(63);
        }
        return QUALIFIED_PATTERN.matcher(name).matches()
                ? null
                : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '"
                        + QUALIFIED
                        + "')";
    }

    public static @Nullable String labelValue(String value) {
        if (value.length() > 63) {
            return tooLong(63);
        }
        return LABEL_VALUE_PATTERN.matcher(value).matches()
                ? null
                : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '"
                        + LABEL_VALUE
                        + "')";
    }

    /** A key of a ConfigMap or Secret. */
    public static @Nullable String configKey(String key) {
        if (key.length() > 253) {
            return tooLong(253);
        }
        if (!CONFIG_KEY_PATTERN.matcher(key).matches()) {
            return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '"
                    + CONFIG_KEY
                    + "')";
        }
        return key.equals(".") || key.equals("..") ? "must not be '" + key + "'" : null;
    }

    /** The name of an environment variable: any printable ASCII but {@code =} (relaxed since 1.34). */
    public static @Nullable String environment(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > '~' || c == '=') {
                return "a valid environment variable name must consist only of printable ASCII characters other than '='";
            }
        }
        return null;
    }

    /** The name of a port: an IANA service name (RFC 6335, 5.1). */
    public static @Nullable String port(String name) {
        if (name.length() > 15) {
            return tooLong(15);
        }
        if (!name.matches("[-a-z0-9]+")) {
            return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }
        if (!name.matches(".*[a-z].*")) {
            return "must contain at least one letter (a-z)";
        }
        if (name.contains("--")) {
            return "must not contain consecutive hyphens";
        }
        return name.startsWith("-") || name.endsWith("-")
                ? "must not begin or end with a hyphen"
                : null;
    }

    public static String tooLong(int limit) {
        return "must be no more than " + limit + " characters";
    }
}
