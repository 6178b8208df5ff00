/** The built-in load generator's process: event loops that send requests, closed loop or at a constant rate, and count what comes back. */
@NullMarked
package dev.headroom.lab.load.engine;

import org.jspecify.annotations.NullMarked;
