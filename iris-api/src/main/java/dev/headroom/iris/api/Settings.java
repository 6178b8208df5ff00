package dev.headroom.iris.api;

import dev.headroom.iris.api.http.HttpSettings;
import dev.headroom.iris.api.http.Limits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;

/**
 * What the environment asks for: {@code HOST} (127.0.0.1), {@code PORT} (8000; 0 takes a free one), {@code
 * MAX_CONNECTION_AGE} (15 seconds; 0 is never), {@code SHUTDOWN_DELAY} (1 second, in which new connections are still served),
 * {@code SHUTDOWN_TIMEOUT} (25 seconds, after which it goes in any case), {@code EVENT_LOOPS} (1) and {@code MODEL} (a file in
 * place of the model that comes with the server).
 *
 * @param http how to serve
 * @param model path of the model's file, or empty for the one that comes with the server
 */
record Settings(HttpSettings http, String model) {
    /** As many as may wait to be accepted: a load test opens its connections all at once. */
    private static final int BACKLOG = 4096;

    private static final int MAX_PORT = 65_535;
    private static final int MAX_SECONDS = 86_400;
    private static final int MAX_LOOPS = 64;

    static Settings of(Map<String, String> environment) throws SettingsException {
        String host = environment.getOrDefault("HOST", "127.0.0.1");
        int port = (int) number(environment, "PORT", 8000, MAX_PORT, true);
        HttpSettings http =
                new HttpSettings(
                        new InetSocketAddress(address(host), port),
                        BACKLOG,
                        (int) number(environment, "EVENT_LOOPS", 1, MAX_LOOPS, true),
                        seconds(environment, "MAX_CONNECTION_AGE", 15),
                        seconds(environment, "SHUTDOWN_DELAY", 1),
                        seconds(environment, "SHUTDOWN_TIMEOUT", 25),
                        Limits.DEFAULT);
        if (http.loops() < 1) {
            throw new SettingsException("EVENT_LOOPS is 0: expected 1 to " + MAX_LOOPS);
        }
        return new Settings(http, environment.getOrDefault("MODEL", ""));
    }

    private static InetAddress address(String host) throws SettingsException {
        if (host.isBlank()) {
            throw new SettingsException("HOST is empty: expected an address, as 127.0.0.1");
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new SettingsException("HOST is " + host + ", which is no known address");
        }
    }

    private static Duration seconds(Map<String, String> environment, String name, int otherwise)
            throws SettingsException {
        return Duration.ofMillis(
                Math.round(1000 * number(environment, name, otherwise, MAX_SECONDS, false)));
    }

    private static double number(
            Map<String, String> environment, String name, int otherwise, int max, boolean whole)
            throws SettingsException {
        String text = environment.get(name);
        if (text == null) {
            return otherwise;
        }
        String form = whole ? "[0-9]{1,9}" : "[0-9]{1,9}([.][0-9]{1,9})?";
        if (!text.matches(form) || Double.parseDouble(text) > max) {
            throw new SettingsException(
                    name
                            + " is '"
                            + text
                            + "': expected "
                            + (whole ? "an integer" : "seconds")
                            + " from 0 to "
                            + max);
        }
        return Double.parseDouble(text);
    }
}
