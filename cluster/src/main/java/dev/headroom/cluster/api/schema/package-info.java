/** What a kind's fields are, from Kubernetes' own OpenAPI and Go types; decoding by it, and the documents served of it. */
@NullMarked
package dev.headroom.cluster.api.schema;

import org.jspecify.annotations.NullMarked;
