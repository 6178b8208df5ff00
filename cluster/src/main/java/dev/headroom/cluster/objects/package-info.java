/**
 * How controllers, node and proxy know the cluster: Kubernetes objects as JSON trees behind one small interface, the same that a client
 * sees. Whoever implements it (the API server in this process, or a client of another one) can be put in place of the other.
 */
@NullMarked
package dev.headroom.cluster.objects;

import org.jspecify.annotations.NullMarked;
