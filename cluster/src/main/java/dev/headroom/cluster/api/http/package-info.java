/** The API over HTTP: TLS, authentication, routing, watches as streams. */
@NullMarked
package dev.headroom.cluster.api.http;

import org.jspecify.annotations.NullMarked;
