/** What tests of the cluster share: a service to run as a pod, and a cluster with a real kubectl. */
@NullMarked
package dev.headroom.cluster.testing;

import org.jspecify.annotations.NullMarked;
