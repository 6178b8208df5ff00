package dev.headroom.cluster.api.registry;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/** A name made of {@code metadata.generateName} and five letters, as Kubernetes draws them. */
final class GeneratedName {
    /** Upstream's maxNameGenerationCreateAttempts. */
    private static final int MOST_DRAWS = 8;

    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int DRAWN = 5;
    private static final int LONGEST_STEM = 58;

    private GeneratedName() {}

    /** Drawn again where it is taken, as often as upstream does; past that it is said to be taken. */
    static String from(String stem, Predicate<String> isTaken) {
        String name = draw(stem);
        for (int i = 1; i < MOST_DRAWS && isTaken.test(name); i++) {
            name = draw(stem);
        }
        return name;
    }

    private static String draw(String stem) {
        StringBuilder name =
                new StringBuilder(stem.substring(0, Math.min(stem.length(), LONGEST_STEM)));
        for (int i = 0; i < DRAWN; i++) {
            name.append(LETTERS.charAt(ThreadLocalRandom.current().nextInt(LETTERS.length())));
        }
        return name.toString();
    }
}
