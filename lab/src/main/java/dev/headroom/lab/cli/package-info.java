/**
 * The command line {@code headroom}, and the one method that runs the six stages.
 */
@NullMarked
package dev.headroom.lab.cli;

import org.jspecify.annotations.NullMarked;
