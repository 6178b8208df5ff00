/** The node: runs pods as processes of this machine, with addresses, probes, logs and enforced limits of their own. */
@NullMarked
package dev.headroom.cluster.node;

import org.jspecify.annotations.NullMarked;
