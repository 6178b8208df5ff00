/**
 * {@code headroom lint}: what can be known to go wrong before any load, from manifests or from a cluster's objects. Each rule says where, why it hurts and what to do.
 */
@NullMarked
package dev.headroom.lab.lint;

import org.jspecify.annotations.NullMarked;
