package dev.headroom.autoscaler;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One entry of {@code spec.metrics}. */
public sealed interface MetricSpec {
    /** As it is written in the object. */
    String type();

    /** The reason of the event that says that it could not be had. */
    default String failure() {
        return "FailedGet" + type() + "Metric";
    }

    /**
     * What is aimed at.
     *
     * @param type Utilization, Value or AverageValue; it decides only for objects
     * @param averageUtilization percent of the request
     * @param averageValue per pod, in milli-units
     * @param value in milli-units
     */
    record Target(
            String type,
            @Nullable Integer averageUtilization,
            @Nullable Long averageValue,
            @Nullable Long value) {}

    /** A resource of the pods. */
    record Resource(String name, Target target) implements MetricSpec {
        @Override
        public String type() {
            return "Resource";
        }
    }

    /** A resource of one container of each pod. */
    record ContainerResource(String name, String container, Target target) implements MetricSpec {
        @Override
        public String type() {
            return "ContainerResource";
        }
    }

    /** A custom metric of each pod. */
    record Pods(String metric, Target target) implements MetricSpec {
        @Override
        public String type() {
            return "Pods";
        }
    }

    /**
     * A custom metric of one object.
     *
     * @param selector label selector of the metric; null where none is given
     */
    record ObjectMetric(
            String metric,
            @Nullable Map<String, String> selector,
            String kind,
            String name,
            Target target)
            implements MetricSpec {
        @Override
        public String type() {
            return "Object";
        }
    }

    /** A metric from outside of the cluster. */
    record External(String metric, @Nullable Map<String, String> selector, Target target)
            implements MetricSpec {
        @Override
        public String type() {
            return "External";
        }
    }

    /** A type that this version does not know. */
    record Unknown(String type) implements MetricSpec {
        @Override
        public String failure() {
            return "InvalidMetricSourceType";
        }
    }
}
