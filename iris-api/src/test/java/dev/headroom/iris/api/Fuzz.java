package dev.headroom.iris.api;

import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;

/** Runs a check with one random source after another: a fixed number of them, or for {@code -Dfuzz.minutes=30}. */
public final class Fuzz {
    private static final String MINUTES = "fuzz.minutes";
    private static final String SEED = "fuzz.seed";

    private Fuzz() {}

    /**
     * Runs it; a failure names the seed, which {@code -Dfuzz.seed=…} runs alone.
     *
     * @param fixed so many runs, the same each time, where no minutes are asked for
     */
    public static void run(int fixed, Consumer<Random> check) {
        Long only = Long.getLong(SEED);
        if (only != null) {
            one(only, check);
            return;
        }
        for (int i = 0; i < fixed; i++) {
            one(i, check);
        }
        long minutes = Long.getLong(MINUTES, 0);
        long begin = System.nanoTime();
        long seed = System.currentTimeMillis() << 20;
        System.out.println(
                "fuzz: " + fixed + " fixed seeds" + (minutes > 0 ? ", then from " + seed : ""));
        long runs = 0;
        while (System.nanoTime() - begin < Duration.ofMinutes(minutes).toNanos()) {
            one(seed + runs++, check);
        }
        if (minutes > 0) {
            System.out.println("fuzz: " + runs + " runs in " + minutes + " minutes");
        }
    }

    private static void one(long seed, Consumer<Random> check) {
        try {
            check.accept(new Random(seed));
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "seed " + seed + " (-Dfuzz.seed=" + seed + "): " + e.getMessage(), e);
        }
    }

    /** Changes, removes, doubles or exchanges some bytes. */
    public static byte[] mutated(byte[] bytes, int changes, byte[] alphabet, Random random) {
        java.io.ByteArrayOutputStream out =
                new java.io.ByteArrayOutputStream(bytes.length + changes);
        boolean[] here = new boolean[bytes.length + 1];
        for (int i = 0; i < changes; i++) {
            here[random.nextInt(here.length)] = true;
        }
        for (int i = 0; i <= bytes.length; i++) {
            int kind = here[i] ? random.nextInt(4) : -1;
            if (kind == 0 || kind == 1) {
                out.write(alphabet[random.nextInt(alphabet.length)]);
            }
            if (i < bytes.length && kind != 1 && kind != 2) {
                out.write(bytes[i]);
            }
            if (i < bytes.length && kind == 3) {
                out.write(bytes, i, Math.min(bytes.length - i, 1 + random.nextInt(12)));
            }
        }
        return out.toByteArray();
    }
}
