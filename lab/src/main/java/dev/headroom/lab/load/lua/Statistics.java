package dev.headroom.lab.load.lua;

import java.util.Iterator;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** What {@code done} is told of a histogram, as wrk's own statistics answer. */
final class Statistics {
    private Statistics() {}

    static double min(Histogram histogram) {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getMinValue();
    }

    /** Of a sample, as wrk has it. */
    static double deviation(Histogram histogram) {
        long n = histogram.getTotalCount();
        return n < 2 ? 0 : histogram.getStdDeviation() * Math.sqrt(n / (n - 1.0));
    }

    static double percentile(Histogram histogram, double p) {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(p);
    }

    static long distinct(Histogram histogram) {
        long count = 0;
        for (HistogramIterationValue ignored : histogram.recordedValues()) {
            count++;
        }
        return count;
    }

    /** A value and how often it was seen; no such value where there are fewer. */
    record Seen(double value, double count) {}

    /** By its number among the distinct values, from 1. */
    static Seen value(Histogram histogram, double number) {
        Iterator<HistogramIterationValue> values = histogram.recordedValues().iterator();
        for (long i = 1; values.hasNext(); i++) {
            HistogramIterationValue each = values.next();
            if (i == (long) number) {
                return new Seen(each.getValueIteratedTo(), each.getCountAddedInThisIterationStep());
            }
        }
        return new Seen(0, 0);
    }
}
