package dev.headroom.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Programs in place of Google's and Sigstore's, which need a cloud: each takes exactly the calls that the real one would, notes them, and ends with an error on any
 * other.
 */
record StandIns(Path folder) {
    static final String TOKEN = "ya29.a-token-for-a-test";

    private static final String GCLOUD =
            """
            #!/bin/sh
            echo "gcloud $*" >>"$0.calls"
            case "$*" in
              'auth print-access-token') echo 'TOKEN' ;;
              "auth configure-docker $REGISTRY --quiet") ;;
              *) echo "gcloud: unexpected call: $*" >&2; exit 64 ;;
            esac
            """;

    /** An image is named by digest only: a tag could be another one by then. A verification without an identity would take anybody's signature. */
    private static final String COSIGN =
            """
            #!/bin/sh
            echo "cosign $*" >>"$0.calls"
            for last; do :; done
            case $last in
              "$REGISTRY/$REPOSITORY@sha256:"????????????????????????????????????????????????????????????????) ;;
              "$REGISTRY/$HEADROOM_REPOSITORY@sha256:"????????????????????????????????????????????????????????????????) ;;
              *) echo "cosign: not by digest: $last" >&2; exit 64 ;;
            esac
            case "$*" in
              "sign --yes $last") ;;
              "attest --yes --type cyclonedx --predicate sbom.cdx.json $last") grep -q CycloneDX sbom.cdx.json ;;
              "verify --certificate-identity https://github.com/"*"/.github/workflows/cd.yml@refs/heads/main --certificate-oidc-issuer https://token.actions.githubusercontent.com $last") ;;
              *) echo "cosign: unexpected call: $*" >&2; exit 64 ;;
            esac
            """;

    static StandIns in(Path folder) throws IOException {
        Files.createDirectories(folder);
        write(folder.resolve("gcloud"), GCLOUD.replace("TOKEN", TOKEN));
        write(folder.resolve("cosign"), COSIGN);
        return new StandIns(folder);
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    List<String> calls(String program) throws IOException {
        return Files.readAllLines(folder.resolve(program + ".calls"));
    }
}
