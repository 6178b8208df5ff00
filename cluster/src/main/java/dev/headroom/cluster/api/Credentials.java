package dev.headroom.cluster.api;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/** What proves the server to its clients and its clients to it: an authority and a token made at start, for this one life. */
final class Credentials {
    private static final Duration VALID = Duration.ofDays(30);

    private final X509Bundle authority;
    private final X509Bundle server;
    private final String token;

    private Credentials(X509Bundle authority, X509Bundle server, String token) {
        this.authority = authority;
        this.server = server;
        this.token = token;
    }

    static Credentials create(InetSocketAddress address) {
        try {
            // An hour's grace for clocks that differ.
            Instant from = Instant.now().minusSeconds(3600);
            CertificateBuilder common =
                    new CertificateBuilder().ecp256().notBefore(from).notAfter(from.plus(VALID));
            X509Bundle authority =
                    common.copy()
                            .subject("CN=headroom-authority")
                            .setIsCertificateAuthority(true)
                            .setKeyUsage(
                                    true,
                                    CertificateBuilder.KeyUsage.keyCertSign,
                                    CertificateBuilder.KeyUsage.digitalSignature)
                            .buildSelfSigned();
            X509Bundle server =
                    common.copy()
                            .subject("CN=headroom-api")
                            .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
                            .addExtendedKeyUsageServerAuth()
                            .addSanIpAddress(address.getAddress().getHostAddress())
                            .addSanDnsName("localhost")
                            .buildIssuedBy(authority);
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            return new Credentials(authority, server, HexFormat.of().formatHex(random));
        } catch (Exception e) {
            throw new IllegalStateException("the API server's certificate could not be made", e);
        }
    }

    SslContext sslContext() throws IOException {
        return SslContextBuilder.forServer(
                        server.getKeyPair().getPrivate(), server.getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .build();
    }

    /** Compares in constant time. */
    boolean accepts(String authorization) {
        return MessageDigest.isEqual(
                authorization.getBytes(StandardCharsets.UTF_8),
                ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a kubeconfig that only its owner can read. */
    void writeKubeconfig(Path file, InetSocketAddress address, String name) throws IOException {
        String certificate =
                Base64.getEncoder()
                        .encodeToString(
                                authority.getCertificatePEM().getBytes(StandardCharsets.US_ASCII));
        String server =
                "https://" + address.getAddress().getHostAddress() + ":" + address.getPort();
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
                        .formatted(name, server, certificate, token);
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
}
