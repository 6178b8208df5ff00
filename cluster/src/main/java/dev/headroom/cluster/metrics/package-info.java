/** What metrics-server is elsewhere: two samples of every container, and {@code metrics.k8s.io} computed from them. */
@NullMarked
package dev.headroom.cluster.metrics;

import org.jspecify.annotations.NullMarked;
