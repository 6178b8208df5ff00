/** Objects in memory with one revision counter, and the changes between two revisions. */
@NullMarked
package dev.headroom.cluster.api.store;

import org.jspecify.annotations.NullMarked;
