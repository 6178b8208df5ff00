/**
 * The TCP balancer's hot path: bytes from client to pod and back, and what can be counted on the way without touching a byte. Knows
 * nothing of Kubernetes; {@code proxy} tells it where to listen and whom to pick.
 */
@NullMarked
package dev.headroom.cluster.balancer;

import org.jspecify.annotations.NullMarked;
