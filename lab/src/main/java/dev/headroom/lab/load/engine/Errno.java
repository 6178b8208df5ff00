package dev.headroom.lab.load.engine;

/** Linux' error numbers in words, as far as a client meets them. */
final class Errno {
    static final int ENOSYS = 38;

    private Errno() {}

    static String text(int number) {
        return switch (number) {
            case 23 -> "too many open files in the system (ENFILE)";
            case 24 -> "too many open files (EMFILE); raise the limit with ulimit -n";
            case 99 -> "no local port is left (EADDRNOTAVAIL)";
            case 101 -> "network is unreachable (ENETUNREACH)";
            case 104 -> "connection reset (ECONNRESET)";
            case 105 -> "no buffer space (ENOBUFS)";
            case 110 -> "timed out (ETIMEDOUT)";
            case 111 -> "connection refused (ECONNREFUSED)";
            case 113 -> "no route to host (EHOSTUNREACH)";
            case 32 -> "broken pipe (EPIPE)";
            default -> "error " + number;
        };
    }
}
