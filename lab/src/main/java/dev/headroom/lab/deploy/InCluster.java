package dev.headroom.lab.deploy;

import dev.headroom.lab.run.StageException;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Access to the cluster that this program runs in, by its pod's service account: the two variables and three files of {@code rest.InClusterConfig} in client-go.
 *
 * @param folder the service account's: {@code token}, {@code ca.crt}, {@code namespace}
 */
record InCluster(Map<String, String> environment, Path folder) {
    private static final String HOST = "KUBERNETES_SERVICE_HOST";
    private static final String PORT = "KUBERNETES_SERVICE_PORT";

    /** Of the pod that this program runs in, if it does. */
    static InCluster here() {
        return new InCluster(
                System.getenv(), Path.of("/var/run/secrets/kubernetes.io/serviceaccount"));
    }

    /** Whether this is a pod at all, and one that has a service account. */
    boolean isThere() {
        return !variable(HOST).isEmpty()
                && !variable(PORT).isEmpty()
                && Files.isReadable(folder.resolve("token"));
    }

    private String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /**
     * How the client library is to reach it. The token is read for each request: the kubelet writes a new one before the old one ends, an hour mostly.
     *
     * @throws StageException naming what is not there
     */
    Config config() throws StageException {
        for (String name : new String[] {HOST, PORT}) {
            if (variable(name).isEmpty()) {
                throw missing(name + " is not set", null);
            }
        }
        Path authority = folder.resolve("ca.crt");
        if (!Files.isReadable(authority)) {
            throw missing("there is no " + authority + " that can be read", null);
        }
        token();
        Config config = Config.empty();
        String host = variable(HOST);
        config.setMasterUrl(
                "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + variable(PORT));
        config.setCaCertFile(authority.toString());
        config.setNamespace(namespace());
        config.setOauthTokenProvider(this::currentToken);
        return config;
    }

    private String token() throws StageException {
        try {
            return Files.readString(folder.resolve("token")).strip();
        } catch (IOException e) {
            throw missing("there is no " + folder.resolve("token") + " that can be read", e);
        }
    }

    /** Empty where it can't be read at this moment: the API server then answers 401, which says what is wrong. */
    private String currentToken() {
        try {
            return token();
        } catch (StageException e) {
            return "";
        }
    }

    /** As kubectl: without the file it is {@code default}. */
    private String namespace() throws StageException {
        Path file = folder.resolve("namespace");
        try {
            String name = Files.exists(file) ? Files.readString(file).strip() : "";
            return name.isEmpty() ? "default" : name;
        } catch (IOException e) {
            throw missing(file + " can't be read", e);
        }
    }

    private static StageException missing(String what, @Nullable IOException cause) {
        return new StageException(
                "deploy",
                "this is no pod with a service account: "
                        + what
                        + "; run it in a pod with automountServiceAccountToken, or give --context or --kubeconfig",
                cause);
    }
}
