/** What {@code kubectl get} prints: the server's own tables, with upstream's columns. */
@NullMarked
package dev.headroom.cluster.api.table;

import org.jspecify.annotations.NullMarked;
