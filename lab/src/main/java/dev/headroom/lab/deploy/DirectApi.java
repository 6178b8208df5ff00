package dev.headroom.lab.deploy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Reads from an API server that takes a bearer token, over the JDK's plain blocking connections.
 *
 * <p>The observer reads several texts a second while the host is under load. Measured against the client library's asynchronous path this costs a fraction of the
 * CPU; the embedded cluster's access data are always of this kind, so it is used there.
 */
final class DirectApi {
    private final String server;
    private final String authorization;
    private final SSLSocketFactory sockets;

    private DirectApi(String server, String authorization, SSLSocketFactory sockets) {
        this.server = server;
        this.authorization = authorization;
        this.sockets = sockets;
    }

    static DirectApi of(Config config, String server) throws IOException {
        try {
            return new DirectApi(
                    server,
                    "Bearer " + config.getAutoOAuthToken(),
                    SSLUtils.sslContext(config).getSocketFactory());
        } catch (GeneralSecurityException e) {
            throw new IOException("can't use the cluster's certificates: " + e.getMessage(), e);
        }
    }

    ApiAnswer get(String path, Duration patience) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(server + path).toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(sockets);
        }
        connection.setConnectTimeout((int) patience.toMillis());
        connection.setReadTimeout((int) patience.toMillis());
        connection.setRequestProperty("Authorization", authorization);
        connection.setRequestProperty("Accept", "application/json, */*");
        connection.setInstanceFollowRedirects(false);
        int code = connection.getResponseCode();
        // Read to its end, so that the connection is used again.
        try (InputStream body =
                code >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            return new ApiAnswer(
                    code,
                    body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8),
                    Retries.pause(code, connection.getHeaderField("Retry-After")));
        }
    }
}
