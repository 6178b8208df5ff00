/**
 * The API server: a store with resource versions and watches, the Kubernetes REST API over TLS, and the same for components in this
 * process. What it knows of a kind's fields comes from the OpenAPI schemas of a real kube-apiserver ({@code schemas.json}).
 */
@NullMarked
package dev.headroom.cluster.api;

import org.jspecify.annotations.NullMarked;
