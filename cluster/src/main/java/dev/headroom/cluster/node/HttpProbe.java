package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import tools.jackson.databind.JsonNode;

/** One asking of a container over HTTP, or HTTPS with any certificate, as the kubelet does. */
final class HttpProbe {
    private HttpProbe() {}

    static Probe.Result ask(JsonNode action, Container container, int timeout) {
        String host = Probe.host(action, container.podIp());
        int port = Probe.port(action.path("port"), container.spec());
        boolean secure = Trees.text(action, "scheme").equals("HTTPS");
        String path = Trees.text(action, "path");
        String target = path.startsWith("/") ? path : "/" + path;
        String url = (secure ? "https://" : "http://") + host + ":" + port + target;
        long deadline = System.nanoTime() + timeout * 1_000_000L;
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), timeout);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(timeout);
            Socket socket =
                    secure
                            ? unverified().getSocketFactory().createSocket(plain, host, port, true)
                            : plain;
            StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
            request.append("Host: ").append(host).append(':').append(port).append("\r\n");
            request.append("User-Agent: kube-probe/1.34\r\nAccept: */*\r\nConnection: close\r\n");
            for (JsonNode header : action.path("httpHeaders")) {
                request.append(Trees.text(header, "name"))
                        .append(": ")
                        .append(Trees.text(header, "value"))
                        .append("\r\n");
            }
            socket.getOutputStream()
                    .write((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String status = statusLine(socket, deadline);
            int code = Integer.parseInt(status.substring(9, 12));
            return code >= 200 && code < 400
                    ? Probe.Result.OK
                    : Probe.Result.failed("HTTP probe failed with statuscode: " + code);
        } catch (SocketTimeoutException e) {
            return Probe.Result.failed(
                    "Get \""
                            + url
                            + "\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        } catch (SSLException e) {
            return Probe.Result.failed("Get \"" + url + "\": " + e.getMessage());
        } catch (IOException e) {
            return Probe.Result.failed(
                    "Get \"" + url + "\": dial tcp " + host + ":" + port + ": " + Probe.reason(e));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return Probe.Result.failed("Get \"" + url + "\": malformed HTTP response");
        }
    }

    private static String statusLine(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (true) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) left);
            int b = in.read();
            if (b < 0) {
                throw new IOException("EOF");
            }
            if (b == '\n' || line.length() > 200) {
                return line.toString();
            }
            line.append((char) b);
        }
    }

    private static SSLContext unverified() {
        X509TrustManager anyone =
                new X509TrustManager() {
                    @Override
                    public void checkClientTrusted(X509Certificate[] chain, String type) {}

                    @Override
                    public void checkServerTrusted(X509Certificate[] chain, String type) {}

                    @Override
                    public X509Certificate[] getAcceptedIssuers() {
                        return new X509Certificate[0];
                    }
                };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {anyone}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not to be had in this JVM", e);
        }
    }
}
