package dev.headroom.cluster.api.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An authority and a server's certificate under it, made for one life of a server: P-256 keys, X.509 version 3 (RFC 5280) written in DER
 * by hand, since the JDK can read certificates but not make them, and a library that can is 8 MB.
 */
record Certificates(X509Certificate authority, X509Certificate server, PrivateKey key) {
    private static final Duration VALID = Duration.ofDays(365);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 2;
    private static final int BIT_STRING = 3;
    private static final int OCTET_STRING = 4;
    private static final int UTF8 = 12;
    private static final int GENERALIZED_TIME = 24;
    private static final byte[] TRUE = {1, 1, (byte) 0xff};

    /** Object identifiers with their headers. */
    private static final byte[] ECDSA_SHA256 = hex("06082a8648ce3d040302");

    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] BASIC_CONSTRAINTS = hex("0603551d13");
    private static final byte[] KEY_USAGE = hex("0603551d0f");
    private static final byte[] EXTENDED_KEY_USAGE = hex("0603551d25");
    private static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");
    private static final byte[] SERVER_AUTH = hex("06082b06010505070301");

    static Certificates make(InetAddress address) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair authorityKeys = generator.generateKeyPair();
            KeyPair serverKeys = generator.generateKeyPair();
            byte[] authorityName = name("headroom-authority");
            byte[] authorityExtensions =
                    sequence(
                            extension(BASIC_CONSTRAINTS, sequence(TRUE)),
                            extension(KEY_USAGE, der(BIT_STRING, new byte[] {2, (byte) 0x84})));
            byte[] serverExtensions =
                    sequence(
                            extension(KEY_USAGE, der(BIT_STRING, new byte[] {7, (byte) 0x80})),
                            extension(EXTENDED_KEY_USAGE, sequence(SERVER_AUTH)),
                            extension(ALTERNATIVE_NAMES, names(address)));
            PrivateKey signer = authorityKeys.getPrivate();
            return new Certificates(
                    certificate(
                            authorityName,
                            authorityName,
                            authorityKeys,
                            authorityExtensions,
                            signer),
                    certificate(
                            authorityName,
                            name("headroom-api"),
                            serverKeys,
                            serverExtensions,
                            signer),
                    serverKeys.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make a P-256 certificate", e);
        }
    }

    private static X509Certificate certificate(
            byte[] issuer, byte[] subject, KeyPair keys, byte[] extensions, PrivateKey signer)
            throws GeneralSecurityException {
        byte[] serial = new BigInteger(127, RANDOM).add(BigInteger.ONE).toByteArray();
        Instant now = Instant.now();
        byte[] signed =
                sequence(
                        der(0xa0, der(INTEGER, new byte[] {2})),
                        der(INTEGER, serial),
                        sequence(ECDSA_SHA256),
                        issuer,
                        // An hour's grace for clocks that differ.
                        sequence(time(now.minus(Duration.ofHours(1))), time(now.plus(VALID))),
                        subject,
                        keys.getPublic().getEncoded(),
                        der(0xa3, extensions));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer);
        signature.update(signed);
        byte[] whole =
                sequence(
                        signed,
                        sequence(ECDSA_SHA256),
                        der(BIT_STRING, new byte[] {0}, signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] name(String common) {
        byte[] text = der(UTF8, common.getBytes(StandardCharsets.UTF_8));
        return sequence(der(SET, sequence(COMMON_NAME, text)));
    }

    private static byte[] names(InetAddress address) {
        return sequence(
                der(0x87, address.getAddress()),
                der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                der(0x82, "kubernetes".getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] extension(byte[] identifier, byte[] value) {
        return sequence(identifier, TRUE, der(OCTET_STRING, value));
    }

    private static byte[] time(Instant instant) {
        return der(GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sequence(byte[]... parts) {
        return der(SEQUENCE, parts);
    }

    /** Tag, length and parts. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = body.size();
        if (length < 128) {
            out.write(length);
        } else if (length < 256) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >>> 8);
            out.write(length);
        }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** The authority as PEM, for clients. */
    String authorityPem() throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(authority.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
