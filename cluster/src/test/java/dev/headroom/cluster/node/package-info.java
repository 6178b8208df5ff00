/** The node: processes, limits, and what must never be left. */
@NullMarked
package dev.headroom.cluster.node;

import org.jspecify.annotations.NullMarked;
