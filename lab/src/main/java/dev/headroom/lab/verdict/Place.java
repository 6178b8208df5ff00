package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;

/**
 * The settings of the place where the run was made: the autoscaler's, the host CPUs that one CPU of the node stands for, and the cluster's clock.
 */
record Place(
        double syncSeconds,
        double metricsWindowSeconds,
        double tolerance,
        double downscaleStabilizationSeconds,
        double cpuInitializationSeconds,
        double initialReadinessSeconds,
        double cpuScale,
        long clockAheadMillis) {

    static Place of(DeploymentRecord deployment) {
        return new Place(
                value(deployment, "syncPeriodSeconds", 15),
                value(deployment, "metricsWindowSeconds", 15),
                value(deployment, "tolerance", 0.1),
                value(deployment, "downscaleStabilizationSeconds", 300),
                value(deployment, "cpuInitializationPeriodSeconds", 300),
                value(deployment, "initialReadinessDelaySeconds", 30),
                value(deployment, "cpuScale", 1),
                deployment.clockAheadMillis());
    }

    /** A moment of the observer's clock on the cluster's, by which objects and metrics are dated. */
    long there(long here) {
        return here + clockAheadMillis;
    }

    /** A moment of the cluster's clock on the observer's. */
    long here(long there) {
        return there - clockAheadMillis;
    }

    private static double value(DeploymentRecord deployment, String name, double otherwise) {
        for (DeploymentRecord.Setting setting : deployment.settings()) {
            if (setting.name().equals(name)) {
                return number(setting.value(), otherwise);
            }
        }
        return otherwise;
    }

    /** What is no number, or below zero, is no setting. */
    private static double number(String text, double otherwise) {
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) && value >= 0 ? value : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** At least a second, since passes are counted by it. */
    long syncMillis() {
        return Math.max(1000, Math.round(syncSeconds * 1000));
    }

    long metricsWindowMillis() {
        return Math.round(metricsWindowSeconds * 1000);
    }
}
