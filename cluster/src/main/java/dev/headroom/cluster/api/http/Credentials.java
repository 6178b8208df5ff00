package dev.headroom.cluster.api.http;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** What proves the server to its clients and its clients to it: an authority and a token made at start, for this one life. */
public final class Credentials {
    private static final int TOKEN_BYTES = 32;

    private final Certificates certificates;
    private final String token;
    private final byte[] authorization;

    private Credentials(Certificates certificates, String token) {
        this.certificates = certificates;
        this.token = token;
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    public static Credentials make(InetAddress address) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return new Credentials(Certificates.make(address), HexFormat.of().formatHex(random));
    }

    SslContext tls() throws IOException {
        return SslContextBuilder.forServer(
                        certificates.key(), certificates.server(), certificates.authority())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }

    /** Whether an Authorization header is the right one; compared in constant time. */
    boolean accepts(String header) {
        return MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), authorization);
    }

    /** Writes a kubeconfig that only its owner can read. */
    public void writeKubeconfig(Path file, InetSocketAddress address, String name)
            throws IOException {
        String host = address.getAddress().getHostAddress();
        String server = "https://" + host + ":" + address.getPort();
        String text =
                """
                apiVersion: v1
                kind: Config
                clusters:
                - name: %1$s
                  cluster:
                    server: %2$s
                    certificate-authority-data: %3$s
                users:
                - name: %1$s
                  user:
                    token: %4$s
                contexts:
                - name: %1$s
                  context:
                    cluster: %1$s
                    user: %1$s
                    namespace: default
                current-context: %1$s
                """
                        .formatted(name, server, authority(), token);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        Files.deleteIfExists(file);
        Files.createFile(file, ownerOnly);
        Files.writeString(file, text);
    }

    private String authority() throws IOException {
        try {
            byte[] pem = certificates.authorityPem().getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(pem);
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority's certificate cannot be written", e);
        }
    }
}
