/** Programs that {@code benchmarks/run} starts and measures from the outside. */
@NullMarked
package dev.headroom.benchmarks;

import org.jspecify.annotations.NullMarked;
