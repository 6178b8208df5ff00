package dev.headroom.iris.api;

import dev.headroom.iris.api.http.HttpSettings;
import dev.headroom.iris.api.http.Limits;
import dev.headroom.iris.api.http.ServerLog;
import dev.headroom.iris.api.http.TimeLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;

/** What was asked for by flags and by the environment, read with {@link Setting}. */
final class Settings {
    /** As many as may wait to be accepted: a load test opens its connections all at once. */
    private static final int BACKLOG = 4096;

    private final Map<String, String> flags;
    private final Map<String, String> environment;

    /**
     * Checks all of them.
     *
     * @param flags by the names of the settings, as {@code MAX_CONNECTION_AGE}; they come before the environment
     */
    Settings(Map<String, String> flags, Map<String, String> environment) throws SettingsException {
        this.flags = flags;
        this.environment = environment;
        for (Setting setting : Setting.values()) {
            setting.check(text(setting));
        }
    }

    String text(Setting setting) {
        String flag = flags.get(setting.name());
        return flag != null ? flag : environment.getOrDefault(setting.name(), setting.otherwise());
    }

    private int number(Setting setting) {
        return Integer.parseInt(text(setting));
    }

    private Duration seconds(Setting setting) {
        return Duration.ofMillis(Math.round(1000 * Double.parseDouble(text(setting))));
    }

    /** Path of the model's file, or empty for the one that comes with the server. */
    String model() {
        return text(Setting.MODEL);
    }

    int maxRows() {
        return number(Setting.MAX_BATCH_ROWS);
    }

    boolean json() {
        return text(Setting.LOG_FORMAT).equals("json");
    }

    boolean accessLog() {
        return text(Setting.ACCESS_LOG).equals("on");
    }

    HttpSettings http(ServerLog log) throws SettingsException {
        return new HttpSettings(
                new InetSocketAddress(address(text(Setting.HOST)), number(Setting.PORT)),
                BACKLOG,
                number(Setting.EVENT_LOOPS),
                seconds(Setting.MAX_CONNECTION_AGE),
                seconds(Setting.SHUTDOWN_DELAY),
                seconds(Setting.SHUTDOWN_TIMEOUT),
                limits(),
                times(),
                log);
    }

    /** As many connections as are allowed, or as the file limit has room for. */
    int maxConnections() {
        int asked = number(Setting.MAX_CONNECTIONS);
        return asked > 0 ? asked : FileLimit.connections();
    }

    private Limits limits() {
        Limits otherwise = Limits.DEFAULT;
        return new Limits(
                otherwise.targetBytes(),
                otherwise.fieldBytes(),
                otherwise.fieldLines(),
                number(Setting.MAX_BODY_BYTES),
                maxConnections(),
                FileLimit.reserve(maxConnections()),
                number(Setting.MAX_HELD_BYTES),
                number(Setting.MAX_ROWS_IN_FLIGHT));
    }

    private TimeLimits times() {
        return new TimeLimits(
                seconds(Setting.HEAD_TIMEOUT),
                seconds(Setting.BODY_PROGRESS_TIMEOUT),
                seconds(Setting.BODY_TIMEOUT),
                seconds(Setting.ANSWER_PROGRESS_TIMEOUT),
                seconds(Setting.ANSWER_TIMEOUT),
                seconds(Setting.IDLE_TIMEOUT),
                TimeLimits.DEFAULT.linger());
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
}
