/**
 * The run directory: the files through which the stages meet, read with errors that name file and line.
 */
@NullMarked
package dev.headroom.lab.run;

import org.jspecify.annotations.NullMarked;
