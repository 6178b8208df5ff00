/**
 * The embedded cluster's API server: a store with resource versions and watches, the Kubernetes REST API over TLS, and the same for
 * components in this process. What it knows of a kind's fields comes from Kubernetes itself (package {@code schema}).
 */
@NullMarked
package dev.headroom.cluster.api;

import org.jspecify.annotations.NullMarked;
