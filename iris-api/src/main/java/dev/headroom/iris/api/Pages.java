package dev.headroom.iris.api;

import dev.headroom.iris.api.http.Response;
import dev.headroom.iris.api.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files that are served as they are. Read when they are first asked for: a start has no time for them. */
final class Pages {
    private static final String OPEN_API = "openapi.json";
    private static final String DOCS = "docs.html";

    /** The page may run its own script and style and talk to this server, nothing else. */
    private static final List<String> POLICY =
            List.of(
                    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline';"
                            + " script-src 'unsafe-inline'; connect-src 'self'; img-src data:;"
                            + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
                    "X-Content-Type-Options: nosniff");

    private @Nullable Response openApi;
    private @Nullable Response docs;

    Response openApi() {
        Response page = openApi;
        if (page == null) {
            page = Response.of(Status.OK, "application/json", read(OPEN_API), List.of());
            openApi = page;
        }
        return page;
    }

    Response docs() {
        Response page = docs;
        if (page == null) {
            page = Response.of(Status.OK, "text/html; charset=utf-8", read(DOCS), POLICY);
            docs = page;
        }
        return page;
    }

    private static byte[] read(String name) {
        try (InputStream file = Pages.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing beside the program");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be read", e);
        }
    }
}
