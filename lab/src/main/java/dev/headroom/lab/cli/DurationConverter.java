package dev.headroom.lab.cli;

import dev.headroom.lab.experiment.Units;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line are written as in experiments. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
        return Units.duration(value)
                .orElseThrow(() ->
                        new TypeConversionException(
                                "found \"" + value + "\"; it takes a duration such as 15s"));
    }
}
