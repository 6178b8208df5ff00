/** The built-in load generator, seen from the lab: a process of its own, started, watched and ended like wrk. */
@NullMarked
package dev.headroom.lab.load.builtin;

import org.jspecify.annotations.NullMarked;
