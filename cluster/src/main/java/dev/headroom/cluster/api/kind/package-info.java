/** The kinds that are served: their names, defaults, validation and what else is particular to each. */
@NullMarked
package dev.headroom.cluster.api.kind;

import org.jspecify.annotations.NullMarked;
