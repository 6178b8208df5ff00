package dev.headroom.autoscaler;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One entry of {@code spec.metrics}. */
public sealed interface MetricSpec {
    /** As it is written in the object. */
    String type();

    /**
     * What is aimed at.
     *
     * @param averageUtilization percent of the request
     * @param averageValue per pod, in milli-units
     * @param value in milli-units
     */
    record Target(
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
    record Unknown(String type) implements MetricSpec {}
}
