package dev.headroom.lab.cli;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run may go ahead on a cluster of somebody's own without being asked to twice.
 *
 * @param context the kubeconfig's context; its server where it has no name
 * @param namespace where objects without one of their own go
 * @param namespaceGiven whether the command line named it
 * @param named the namespaces that the manifests name
 * @param unnamed whether any object of theirs names none
 */
record Consent(
        String context,
        String namespace,
        boolean namespaceGiven,
        Set<String> named,
        boolean unnamed) {
    /** A word of its own in a name: "shop-prod", "eu_production1"; not "product" or "reproduce". */
    private static final Pattern PRODUCTION =
            Pattern.compile(
                    "(?<![a-z])(prod|production|prd|live)(?![a-z])", Pattern.CASE_INSENSITIVE);

    /** What stands against it, and what to do; null where nothing does. */
    @Nullable String objection(@Nullable String yesOn) {
        if (yesOn != null) {
            return yesOn.equals(context)
                    ? null
                    : "--yes-on: found \"" + yesOn + "\", but the context is \"" + context + "\"";
        }
        String why = why();
        return why == null ? null : why + "; if it is meant, say so with --yes-on " + context;
    }

    private @Nullable String why() {
        if (PRODUCTION.matcher(context).find()) {
            return "the context \"" + context + "\" looks like production";
        }
        Set<String> touched = new TreeSet<>(named);
        if (unnamed) {
            touched.add(namespace);
        }
        for (String one : touched) {
            if (one.startsWith("kube-")) {
                return "the namespace \"" + one + "\" is Kubernetes' own";
            }
            if (PRODUCTION.matcher(one).find()) {
                return "the namespace \"" + one + "\" looks like production";
            }
        }
        boolean hidden =
                unnamed
                        && !namespaceGiven
                        && !namespace.equals("default")
                        && !named.contains(namespace);
        return hidden
                ? "the namespace \""
                        + namespace
                        + "\" is only named by the context, neither by the experiment's manifests nor by --namespace"
                : null;
    }
}
