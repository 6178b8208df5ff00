package dev.headroom.lab.run;

/** The version of this very program. */
public final class ProgramVersion {
    private ProgramVersion() {}

    /** As the jar's manifest has it; {@code development} where the program does not run from a jar. */
    public static String text() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
