package dev.headroom.lab.load.lua;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where a load goes, in the parts that wrk makes of a URL.
 *
 * @param host without the brackets of an IPv6 address
 * @param port null where the URL names none
 * @param path from the path to the URL's end
 */
public record Target(String url, String scheme, String host, @Nullable String port, String path) {

    /**
     * Of a URL.
     *
     * @throws IllegalArgumentException with a sentence where it is none that load can be sent to
     */
    public static Target of(String url) {
        URI uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "the built-in load generator speaks http://HOST[:PORT]/PATH only, not " + url);
        }
        String host = uri.getHost().replaceFirst("^\\[(.*)]$", "$1");
        String port = uri.getPort() < 0 ? null : Integer.toString(uri.getPort());
        String rest = url.substring(url.indexOf("//") + 2);
        int slash = rest.indexOf('/');
        return new Target(url, "http", host, port, slash < 0 ? "/" : rest.substring(slash));
    }

    /** As wrk asks for it: the port where there is one, else the scheme. */
    String service() {
        return port == null ? scheme : port;
    }

    /** The {@code Host} header. */
    public String authority() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return port == null ? shown : shown + ":" + port;
    }

    /** Its addresses, one a line: {@code 127.0.0.1:80}, {@code [::1]:80}. */
    static String lookup(String host, String service) throws UnknownHostException {
        StringBuilder found = new StringBuilder();
        for (InetAddress address : InetAddress.getAllByName(host)) {
            String text = address.getHostAddress();
            found.append(text.contains(":") ? "[" + text + "]" : text)
                    .append(':')
                    .append(port(service))
                    .append('\n');
        }
        return found.toString();
    }

    private static int port(String service) throws UnknownHostException {
        return switch (service) {
            case "http" -> 80;
            case "https" -> 443;
            default -> {
                try {
                    yield Integer.parseInt(service);
                } catch (NumberFormatException e) {
                    throw new UnknownHostException("unknown service " + service);
                }
            }
        };
    }

    /** Of what {@link #lookup} gave. */
    static InetSocketAddress address(String text) throws UnknownHostException {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(
                InetAddress.getByName(text.substring(0, colon)),
                Integer.parseInt(text.substring(colon + 1)));
    }
}
