/** The embedded Kubernetes: one class that puts its rooms together. */
@NullMarked
package dev.headroom.cluster;

import org.jspecify.annotations.NullMarked;
