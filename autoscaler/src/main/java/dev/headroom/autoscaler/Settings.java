package dev.headroom.autoscaler;

/**
 * The controller's flags and gates (sections 0 and 1).
 *
 * @param tolerance by which a ratio may differ from 1 without effect
 * @param downscaleStabilizationMicros how long recommendations hold back a shrinking
 * @param cpuInitializationMicros for how long after its start a pod's CPU counts only when it was ready throughout the sample
 * @param initialReadinessMicros within which a first unreadiness means that the pod has never been ready
 * @param scaleUpFactor without behavior, the most by which a pass may multiply
 * @param scaleUpMinimum without behavior, the size up to which a pass may always grow
 * @param scaleToZero gate HPAScaleToZero
 * @param configurableTolerance gate HPAConfigurableTolerance
 * @param podLevelResources gate PodLevelResources
 * @param zeroModel how zero replicas are treated
 */
public record Settings(
        double tolerance,
        long downscaleStabilizationMicros,
        long cpuInitializationMicros,
        long initialReadinessMicros,
        double scaleUpFactor,
        double scaleUpMinimum,
        boolean scaleToZero,
        boolean configurableTolerance,
        boolean podLevelResources,
        ZeroModel zeroModel) {
    /** Earlier than every time there is, and safe to subtract from. */
    public static final long ZERO_TIME = Long.MIN_VALUE / 4;

    public static final long SECOND = 1_000_000;

    /** What kube-controller-manager does without flags. */
    public static final Settings DEFAULT =
            new Settings(
                    0.1,
                    300 * SECOND,
                    300 * SECOND,
                    30 * SECOND,
                    2.0,
                    4.0,
                    false,
                    true,
                    true,
                    ZeroModel.CONDITION);

    /** How a target that stands at zero is treated (section 9). */
    public enum ZeroModel {
        /** Up to 1.35. */
        LEGACY,
        /** From 1.36 on, with the condition ScaledToZero. */
        CONDITION
    }
}
