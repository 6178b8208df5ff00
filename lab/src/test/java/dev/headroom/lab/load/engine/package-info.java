/** Tests of the built-in generator's parts. */
@NullMarked
package dev.headroom.lab.load.engine;

import org.jspecify.annotations.NullMarked;
