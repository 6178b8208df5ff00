package compat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Prints a line PASS or FAIL for each check, and END after the last, in the form that {@code compat/run} counts. */
final class Checks {
    static final Duration PATIENCE = Duration.ofSeconds(120);

    /** The service that all clients deploy; {@code compat/run} starts them in the folder where it is. */
    static final Path WEB = Path.of("web.yaml");

    private Checks() {}

    /** What is checked: throws where it does not hold. */
    @FunctionalInterface
    interface Check {
        void run() throws Exception;
    }

    static void check(String name, Check check) {
        try {
            check.run();
            System.out.println("PASS " + name);
        } catch (Exception | AssertionError e) {
            System.out.println("FAIL " + name + ": " + e.toString().replace('\n', ' '));
        }
    }

    /** All checks were made. */
    static void end() {
        System.out.println("END");
    }

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + ": not within " + PATIENCE);
            }
            Thread.sleep(100);
        }
    }

    static void same(Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new AssertionError("found " + found + " where " + expected + " was expected");
        }
    }
}
