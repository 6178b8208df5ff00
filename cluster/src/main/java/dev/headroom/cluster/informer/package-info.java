/** What every controller needs: a cache that follows the API, a queue of what to look at, events, and reading of object trees. */
@NullMarked
package dev.headroom.cluster.informer;

import org.jspecify.annotations.NullMarked;
