package dev.headroom.lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Properties;

/**
 * What every page holds besides its run: styles and scripts, those of uPlot from its own jar.
 *
 * @param style of the page, uPlot's before ours
 * @param script the same way
 */
record Assets(String style, String script) {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/";

    static Assets load() {
        Properties uplot = new Properties();
        try {
            uplot.load(
                    new StringReader(read("/META-INF/maven/org.webjars.npm/uplot/pom.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String folder = UPLOT + uplot.getProperty("version");
        // Its licence asks to stay with every copy.
        String script =
                "/*!\n"
                        + read(folder + "/LICENSE").strip()
                        + "\n*/\n"
                        + read(folder + "/dist/uPlot.iife.min.js").strip()
                        + "\n"
                        + read("report.js").strip()
                        + "\n";
        String style =
                read(folder + "/dist/uPlot.min.css").strip()
                        + "\n"
                        + read("report.css").strip()
                        + "\n";
        return new Assets(style, script);
    }

    /**
     * What a browser may do with the page: run this script, use this style, and ask for nothing. Whatever else came in as text could not run even
     * if it were markup.
     */
    String policy() {
        return "default-src 'none'; script-src "
                + hash(script)
                + "; style-src "
                + hash(style)
                + "; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String content) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + name + " of the program", e);
        }
    }
}
