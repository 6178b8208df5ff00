/** Tests of the processes that offer load. */
@NullMarked
package dev.headroom.lab.load.process;

import org.jspecify.annotations.NullMarked;
