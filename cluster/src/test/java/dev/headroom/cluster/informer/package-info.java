@NullMarked
package dev.headroom.cluster.informer;

import org.jspecify.annotations.NullMarked;
