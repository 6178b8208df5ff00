/** The verbs of the API over the store: create, read, replace, patch, delete, with Kubernetes' semantics. */
@NullMarked
package dev.headroom.cluster.api.registry;

import org.jspecify.annotations.NullMarked;
