package dev.headroom.lab.lint;

/**
 * One thing that is looked for.
 *
 * @param id its name in outputs and in {@link Linter#IGNORE}
 * @param title what it looks for
 * @param why what happens to those who leave it
 * @param fix what to change
 * @param reference where Kubernetes or its sources say so
 */
public record Rule(
        String id,
        Severity severity,
        String title,
        String why,
        String fix,
        String reference,
        Check check) {

    /** Looks at a world, and adds what it finds. */
    @FunctionalInterface
    public interface Check {
        void look(World world, Findings findings);
    }
}
