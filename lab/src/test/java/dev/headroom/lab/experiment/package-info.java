/** Tests of stage 1. */
@NullMarked
package dev.headroom.lab.experiment;

import org.jspecify.annotations.NullMarked;
